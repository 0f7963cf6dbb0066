/**
 * Runs that were begun from this account on this machine. A queue tells which runs there are, but whoever can write to it
 * could have others say any command: what a run does is taken from here alone.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { isList, isObject, isText } from '../jobs/cache/checks';
import { sha256Of } from '../jobs/hashFile';
import { keptFor } from '../jobs/remote/keys';

/** What a run does, and where. */
export interface OwnRun {
  /** For people, without a password. */
  readonly queue: string;
  readonly name: string;
  /** Command line, without the program's name and the options of the run. */
  readonly command: readonly string[];
  /** Absolute path of the folder that it was given in. */
  readonly folder: string;
}

const isOwnRun = isObject<OwnRun>({ queue: isText, name: isText, command: isList(isText), folder: isText });

/** Writes down a run, for this account alone to read. @throws what the file system says */
export async function noteRun(run: OwnRun): Promise<void> {
  const folder = runsFolder();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = fileOf(run);
  const partial = `${file}.${randomBytes(6).toString('hex')}.partial`;
  try {
    await writeFile(partial, JSON.stringify(run), { mode: 0o600, flag: 'wx' });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await forgetOld(folder);
}

/** @returns undefined where no such run was begun here, or nothing that can be read says so */
export async function ownRun(queue: string, name: string): Promise<OwnRun | undefined> {
  try {
    const run: unknown = JSON.parse(await readFile(fileOf({ queue, name }), 'utf8'));
    return isOwnRun(run) && run.queue === queue && run.name === name ? run : undefined;
  } catch {
    return undefined;
  }
}

/** Where programs of this system keep what is neither a setting nor a document. */
function runsFolder(): string {
  const { LOCALAPPDATA, XDG_STATE_HOME } = process.env;
  const [given, usual] =
    process.platform === 'win32' ? [LOCALAPPDATA, 'AppData/Local'] : [XDG_STATE_HOME, '.local/state'];
  // The specification of these variables has relative paths ignored.
  const state = given !== undefined && path.isAbsolute(given) ? given : path.join(homedir(), usual);
  return path.join(state, 'graphnad', 'runs');
}

/** Names of runs may differ in what a file system takes for the same, and the same name may be on several queues. */
function fileOf({ queue, name }: Pick<OwnRun, 'queue' | 'name'>): string {
  return path.join(runsFolder(), `${sha256Of(`${queue} ${name}`)}.json`);
}

/** The queue has forgotten them as well. */
async function forgetOld(folder: string): Promise<void> {
  const oldest = Date.now() - keptFor * 1000;
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const seen = await stat(file).catch(() => undefined);
    if (seen !== undefined && seen.mtimeMs < oldest) await rm(file, { force: true });
  }
}

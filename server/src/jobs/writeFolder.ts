import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OutputError } from './writeWhole';

/**
 * Writes a new folder whole or not at all: beside its place, then moved there. Missing parents are made.
 *
 * @param folder must not exist, or be empty
 * @param files contents by path below the folder, with `/` between names
 * @throws OutputError; nothing is left behind then
 */
export async function writeFolder(folder: string, files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
  const target = path.resolve(folder);
  await refuseOccupied(target);
  const temporary = `${target}.${process.pid}-${randomBytes(6).toString('hex')}.partial`;
  try {
    for (const [name, content] of files) {
      const file = path.join(temporary, ...name.split('/'));
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content, { flag: 'wx' });
    }
    // Windows does not move a folder over another, not even over an empty one.
    await rmdir(target).catch(ignoreAbsent);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw asOutputError(target, error);
  }
}

/** @throws OutputError where `folder` exists and holds anything */
export async function refuseOccupied(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw asOutputError(folder, error);
  });
  if (entries.length > 0) throw new OutputError(folder, 'this folder exists and is not empty', 'ENOTEMPTY');
}

function asOutputError(folder: string, error: unknown): OutputError {
  const code = codeOf(error);
  const reason =
    code === 'ENOTDIR' ? 'this is a file, not a folder' : error instanceof Error ? error.message : String(error);
  return new OutputError(folder, reason, code);
}

function ignoreAbsent(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function codeOf(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

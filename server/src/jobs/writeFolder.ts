import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OutputError, outputError } from './writeWhole';

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
    throw error instanceof OutputError ? error : outputError(target, error);
  }
}

/**
 * Finds out, before the work that makes its files, whether `writeFolder` would refuse a folder.
 *
 * @throws OutputError
 */
export async function checkFolder(folder: string): Promise<void> {
  const target = path.resolve(folder);
  await refuseOccupied(target);
  // Permissions are many-layered; only trying tells.
  const probe = path.join(await firstThere(path.dirname(target)), `.${randomBytes(6).toString('hex')}.partial`);
  try {
    await mkdir(probe);
    await rmdir(probe);
  } catch (error) {
    throw outputError(target, error);
  }
}

/** The nearest folder above that exists. */
async function firstThere(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  const parent = path.dirname(folder);
  return found !== undefined || parent === folder ? folder : firstThere(parent);
}

async function refuseOccupied(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isFile()) throw new OutputError(folder, 'this is a file, not a folder', 'ENOTDIR');
  const entries = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw outputError(folder, error);
  });
  if (entries.length > 0) throw new OutputError(folder, 'this folder exists and is not empty', 'ENOTEMPTY');
}

function ignoreAbsent(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function codeOf(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

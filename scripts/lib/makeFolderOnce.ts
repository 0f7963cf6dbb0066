import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from '../../server/src/jobs/isAlive';

/**
 * Makes a folder whole or not at all: it is built beside its place and renamed, so a folder that exists is complete,
 * an interrupted attempt is redone, and two processes at once do not disturb each other.
 *
 * @param folder where the result shall be
 * @param build fills the (empty, existing) folder it is given
 * @returns `folder`
 * @throws whatever `build` throws; nothing is left behind then
 */
export async function makeFolderOnce(folder: string, build: (partial: string) => Promise<void>): Promise<string> {
  if (await exists(folder)) return folder;
  await removeAbandoned(folder);
  const partial = `${folder}.partial-${process.pid}`;
  await mkdir(partial, { recursive: true });
  try {
    await build(partial);
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Another process may have been faster: its result is as good as ours.
    if (!(await exists(folder))) throw error;
  }
  return folder;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Removes what attempts left behind whose process is gone. */
async function removeAbandoned(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  const prefix = `${path.basename(folder)}.partial-`;
  for (const name of await readdir(parent).catch(() => [])) {
    if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue;
    await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { CheckpointError } from '../checkpoint/checkpoint';
import { isModelFile } from './modelFiles';

/** Folders that hold no models of the user's. */
const skippedFolders = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  '.venv',
  'venv',
  '.tox',
  'site-packages',
  '__pycache__',
]);

/** Whether a folder of this name is passed over. */
export function isSkippedFolder(name: string): boolean {
  return skippedFolders.has(name);
}

/**
 * Model files among `roots`: a file named there counts whatever it is called, a folder is searched by name, and
 * by content where names say little. Links to folders are not followed.
 *
 * @returns absolute paths, sorted within each root, each once
 * @throws CheckpointError for a root that does not exist; the reason of `signal` where it aborts
 */
export async function findModels(roots: readonly string[], signal?: AbortSignal): Promise<string[]> {
  const found = new Set<string>();
  for (const root of roots) {
    const entry = await stat(root).catch(() => undefined);
    if (entry === undefined) throw new CheckpointError(root, 'there is no such file or folder');
    if (!entry.isDirectory()) found.add(root);
    else {
      for await (const file of walk(root)) {
        signal?.throwIfAborted();
        if (await isModelFile(file)) found.add(file);
      }
    }
  }
  return [...found];
}

/**
 * All files below a folder, in a stable order; folders that cannot be listed are passed over.
 *
 * @param skip answers true for a file or folder that is to be passed over as well
 */
export async function* walk(folder: string, skip: (path: string) => boolean = () => false): AsyncGenerator<string> {
  // Not by calling itself: a file would pass through as many generators as it lies deep.
  const ahead = await listed(folder);
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const { full, entry } = next;
    if (skip(full)) continue;
    if (entry.isDirectory()) {
      if (!isSkippedFolder(entry.name)) for (const inside of await listed(full)) ahead.push(inside);
    } else if (entry.isFile() || entry.isSymbolicLink()) {
      yield full;
    }
  }
}

/** What is in a folder, the first by name last. */
async function listed(folder: string): Promise<{ readonly full: string; readonly entry: Dirent }[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  entries.sort((a, b) => (a.name < b.name ? 1 : -1));
  return entries.map((entry) => ({ full: path.join(folder, entry.name), entry }));
}

import { stat } from 'node:fs/promises';
import path from 'node:path';
import { manifestName } from '../../../../protocol/manifest';
import { isBelow } from '../paths';

/**
 * The nearest manifest above a model.
 *
 * @param boundary folder at which the search ends
 * @returns its path, or undefined where there is none
 */
export async function findManifest(model: string, boundary: string): Promise<string | undefined> {
  for (const folder of foldersAbove(model, boundary)) {
    const file = path.join(folder, manifestName);
    if (await isFile(file)) return file;
  }
  return undefined;
}

/**
 * How far up a manifest is looked for where there is no workspace: to the top of the model's git repository, else to
 * `current` if the model lies below it, else to the folder of the model. What lies further up may be a stranger's.
 *
 * @param current the current folder
 */
export async function searchBoundary(model: string, current: string): Promise<string> {
  for (const folder of foldersAbove(model, path.parse(model).root)) {
    if ((await stat(path.join(folder, '.git')).catch(() => undefined)) !== undefined) return folder;
  }
  return isBelow(model, current) ? current : path.dirname(model);
}

/** The folder of a file and those above it up to `boundary`, innermost first; none where it lies elsewhere. */
function foldersAbove(file: string, boundary: string): string[] {
  const folders: string[] = [];
  for (let folder = path.dirname(file); isBelow(folder, boundary); folder = path.dirname(folder)) {
    folders.push(folder);
    if (folder === boundary || path.dirname(folder) === folder) break;
  }
  return folders;
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() === true;
}

import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isModelName } from '../jobs/findModels';

/** A model file as it lies on disk now. */
export interface FileVersion {
  readonly bytes: number;
  /** Differs when the file was changed or replaced. */
  readonly id: string;
}

/**
 * Looks at a file that may be a model. `.bin` is a name for anything, so such a file must also begin like a checkpoint.
 *
 * @returns undefined where it is no model file, or is not there (any more)
 */
export async function modelVersion(file: string): Promise<FileVersion | undefined> {
  if (!isModelName(file)) return undefined;
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  if (file.toLowerCase().endsWith('.bin') && !(await beginsLikeCheckpoint(file))) return undefined;
  // The time of the last status change cannot be set back, unlike that of the last modification.
  return { bytes: found.size, id: [found.size, found.mtimeMs, found.ctimeMs, found.ino].join(':') };
}

/** File names of a TU data set `NAME` that must be there. */
const requiredParts = ['_A.txt', '_graph_indicator.txt', '_graph_labels.txt'] as const;
const dataPart = /_(A|graph_indicator|graph_labels|node_labels|node_attributes)\.txt$/;

/** Whether a file is named like one of a TU data set. */
export function isDataPart(file: string): boolean {
  return dataPart.test(file);
}

/**
 * Looks at a folder that may hold a TU data set.
 *
 * @returns an id that differs when one of its files was changed; undefined where it holds no data set
 */
export async function datasetVersion(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch((): string[] => []);
  if (!names.some((name) => isWhole(name, names))) return undefined;
  const versions = await Promise.all(
    names
      .filter(isDataPart)
      .sort()
      .map(async (name) => {
        const found = await stat(path.join(folder, name)).catch(() => undefined);
        return [name, found?.size, found?.mtimeMs, found?.ctimeMs].join(':');
      }),
  );
  return versions.join();
}

/** @param first file name that may be the first part of a data set */
function isWhole(first: string, names: readonly string[]): boolean {
  const [suffix] = requiredParts;
  return first.endsWith(suffix) && requiredParts.every((part) => names.includes(first.slice(0, -suffix.length) + part));
}

/** A zip archive, or a pickle of protocol 2 or later. */
async function beginsLikeCheckpoint(file: string): Promise<boolean> {
  try {
    const handle = await open(file);
    try {
      const start = Buffer.alloc(4);
      await handle.read(start, 0, 4, 0);
      return start.toString('latin1') === 'PK\x03\x04' || (start[0] === 0x80 && start[1] >= 2 && start[1] <= 5);
    } finally {
      await handle.close();
    }
  } catch {
    return true; // cannot be read: the scan says why
  }
}

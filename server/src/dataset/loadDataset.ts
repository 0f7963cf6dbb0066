import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetError, type Dataset } from './dataset';
import { parseTu, tuParts } from './tu';

/**
 * Reads a data set from a TU folder: one that holds `NAME_A.txt` and the files beside it, or holds them in a folder
 * `raw`, where PyTorch Geometric keeps its downloads. The name is that of the files, not of the folder.
 *
 * @throws DatasetError naming file, line and reason
 */
export async function loadDataset(folder: string): Promise<Dataset> {
  const { directory, name, names } = await datasetFiles(folder);
  const files = new Map<string, Uint8Array>();
  for (const file of names) files.set(file, await readPart(join(directory, file)));
  try {
    return parseTu(name, files);
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    throw new DatasetError(join(directory, error.file), error.reason, error.line);
  }
}

export interface DatasetFiles {
  /** Where the files are: the folder itself, or `raw` in it. */
  readonly directory: string;
  /** NAME of the data set. */
  readonly name: string;
  /** File names in `directory`, in a fixed order. */
  readonly names: readonly string[];
}

/**
 * The files that `loadDataset` reads of a folder; others beside them play no part.
 *
 * @throws DatasetError where the folder holds no data set, or several
 */
export async function datasetFiles(folder: string): Promise<DatasetFiles> {
  const found = await findTuFiles(folder);
  if (found === undefined) {
    throw new DatasetError(folder, 'no file ends in _A.txt: this is not a TU data set folder');
  }
  const { directory, names, present } = found;
  if (names.length > 1) {
    throw new DatasetError(directory, `several data sets in one folder: ${names.join(', ')}`);
  }
  const [name] = names;
  return { directory, name, names: tuParts.map((part) => `${name}_${part}`).filter((file) => present.has(file)) };
}

interface TuFiles {
  readonly directory: string;
  /** Every NAME with a `NAME_A.txt`. */
  readonly names: readonly string[];
  readonly present: ReadonlySet<string>;
}

async function findTuFiles(folder: string): Promise<TuFiles | undefined> {
  const entries = await listFolder(folder);
  for (const directory of entries.includes('raw') ? [folder, join(folder, 'raw')] : [folder]) {
    const present = new Set(directory === folder ? entries : await listFolder(directory));
    const names = [...present].filter((file) => file.endsWith('_A.txt')).map((file) => file.slice(0, -'_A.txt'.length));
    if (names.length > 0) return { directory, names: names.sort(), present };
  }
  return undefined;
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new DatasetError(folder, reasonOf(error, 'there is no such folder'));
  }
}

async function readPart(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new DatasetError(path, reasonOf(error, 'there is no such file'));
  }
}

function reasonOf(error: unknown, missing: string): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return missing;
    case 'ENOTDIR':
      return 'this is a file, not a folder';
    case 'EISDIR':
      return 'this is a folder, not a file';
    case 'EACCES':
    case 'EPERM':
      return 'reading it is not permitted';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

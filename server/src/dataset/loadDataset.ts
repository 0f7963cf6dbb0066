import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { DatasetError, type Dataset } from './dataset';
import { ogbMark, ogbParts, parseOgb } from './ogb';
import { parseTu, tuParts } from './tu';
import { LARGEST_FILE } from './tuText';

const unzipped = promisify(gunzip);

/**
 * Reads a data set from a folder in TU format, with `NAME_A.txt` and the files beside it, or from one of OGB, with
 * `num-node-list.csv.gz` and the files beside it. They may lie in a folder `raw` of it, where PyTorch Geometric and OGB
 * keep their downloads. The name is that of the files, of OGB that of the folder.
 *
 * @throws DatasetError naming file, line and reason
 */
export async function loadDataset(folder: string): Promise<Dataset> {
  const { directory, format, name, names } = await datasetFiles(folder);
  const files = new Map<string, Uint8Array>();
  for (const file of names) files.set(file, await readPart(join(directory, file)));
  try {
    return format === 'tu' ? parseTu(name, files) : parseOgb(name, await decompressed(files));
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    throw new DatasetError(join(directory, error.file), error.reason, error.line);
  }
}

export interface DatasetFiles {
  readonly format: 'tu' | 'ogb';
  /** Where the files are: the folder itself, or `raw` in it. */
  readonly directory: string;
  /** NAME of the data set. */
  readonly name: string;
  /** File names in `directory`, in a fixed order. */
  readonly names: readonly string[];
}

/** Whether a file of this name shows that its folder holds a data set. */
export function marksDataset(file: string): boolean {
  return file.endsWith('_A.txt') || basename(file) === ogbMark;
}

/**
 * The files that `loadDataset` reads of a folder; others beside them play no part.
 *
 * @throws DatasetError where the folder holds no data set, or several
 */
export async function datasetFiles(folder: string): Promise<DatasetFiles> {
  const found = await findFiles(folder);
  if (found === undefined) {
    throw new DatasetError(
      folder,
      `no file ends in _A.txt or is called ${ogbMark}: this is no data set folder of TU or OGB`,
    );
  }
  const { directory, names, present } = found;
  const all = present.has(ogbMark) ? [...names, ogbName(directory)] : names;
  if (all.length > 1) {
    throw new DatasetError(directory, `several data sets in one folder: ${all.join(', ')}`);
  }
  const [name] = all;
  const parts = names.length > 0 ? tuParts.map((part) => `${name}_${part}`) : ogbParts;
  return { format: names.length > 0 ? 'tu' : 'ogb', directory, name, names: parts.filter((file) => present.has(file)) };
}

/** OGB keeps the files of `ogbg_molhiv` in `ogbg_molhiv/raw`. */
function ogbName(directory: string): string {
  const folder = resolve(directory);
  return basename(basename(folder) === 'raw' ? dirname(folder) : folder);
}

interface FoundFiles {
  readonly directory: string;
  /** Every NAME with a `NAME_A.txt`. */
  readonly names: readonly string[];
  readonly present: ReadonlySet<string>;
}

async function findFiles(folder: string): Promise<FoundFiles | undefined> {
  const entries = await listFolder(folder);
  for (const directory of entries.includes('raw') ? [folder, join(folder, 'raw')] : [folder]) {
    const present = new Set(directory === folder ? entries : await listFolder(directory));
    const names = [...present].filter((file) => file.endsWith('_A.txt')).map((file) => file.slice(0, -'_A.txt'.length));
    if (names.length > 0 || present.has(ogbMark)) return { directory, names: names.sort(), present };
  }
  return undefined;
}

/** @throws DatasetError for a file that is damaged or larger than is read */
async function decompressed(files: ReadonlyMap<string, Uint8Array>): Promise<Map<string, Uint8Array>> {
  const contents = new Map<string, Uint8Array>();
  for (const [file, bytes] of files) {
    try {
      contents.set(file, await unzipped(bytes, { maxOutputLength: LARGEST_FILE }));
    } catch (error) {
      const isLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
      throw new DatasetError(file, isLarge ? 'it is larger than 256 MiB, more than is read' : 'it is no gzip file, or damaged'); // prettier-ignore
    }
  }
  return contents;
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

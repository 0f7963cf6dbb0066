import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError } from '../../dataset/dataset';
import { datasetFiles } from '../../dataset/loadDataset';
import type { ContentHashes } from '../cache/contentHashes';
import { besideIfThere } from '../hashFile';
import { partsOf } from '../modelFiles';
import { receiptsBeside } from '../purifiedWith';
import type { ContentFile, InputFolder, JobMessage, RemoteTask } from './message';
import { placeOf, type Placed } from './places';
import { mapPaths, type PathRole } from './taskPaths';

/** A job, ready to travel. */
export interface PackedJob {
  readonly message: JobMessage;
  /** Where the folders of the message lie here. */
  readonly folders: readonly Placed[];
  /** Files whose content travels, by SHA-256. */
  readonly travelling: ReadonlyMap<string, { readonly path: string; readonly bytes: number }>;
  /** SHA-256 of the model that is scanned or purified, see `sha256OfModel`; undefined where none can be read. */
  readonly model: string | undefined;
}

interface PackOptions {
  readonly hashes: ContentHashes;
  /** Whether workers see a folder under the same path. */
  readonly isShared: (folder: string) => boolean;
}

/** A folder while it is collected. */
interface Folder {
  readonly at: string;
  readonly isDataset: boolean;
  readonly names: Set<string>;
}

/**
 * Says which files a job reads, by their content, and where it writes, apart from where they lie. Files that are not
 * there are left out: the job says so.
 *
 * @throws what the file system says of a file that is there and cannot be read
 */
export async function packJob(task: RemoteTask, { hashes, isShared }: PackOptions): Promise<PackedJob> {
  const paths: { readonly path: string; readonly role: PathRole }[] = [];
  mapPaths(task, (one, role) => {
    paths.push({ path: one, role });
    return one;
  });
  const folders = new Map<string, Folder>();
  const outputs: string[] = [];
  for (const { path: one, role } of paths) {
    if (isWritten(role)) {
      if (!outputs.includes(path.dirname(one))) outputs.push(path.dirname(one));
      continue;
    }
    const at = isFolder(role) ? one : path.dirname(one);
    const folder = folders.get(at) ?? { at, isDataset: role === 'dataset', names: new Set() };
    folders.set(at, folder);
    for (const name of await filesOf(one, role)) folder.names.add(name);
  }

  const order = [...folders.keys()];
  const place = (one: string, role: PathRole): string => {
    const name = isFolder(role) ? '' : path.basename(one);
    if (isWritten(role)) return placeOf('out', outputs.indexOf(path.dirname(one)), path.basename(one));
    return placeOf('in', order.indexOf(isFolder(role) ? one : path.dirname(one)), name);
  };
  const inputs: InputFolder[] = [];
  const travelling = new Map<string, { path: string; bytes: number }>();
  for (const folder of folders.values()) {
    const shared = isShared(folder.at);
    const files: ContentFile[] = [];
    for (const name of [...folder.names].sort()) {
      const file = path.join(folder.at, ...name.split('/'));
      const bytes = await sizeOf(file);
      if (bytes === undefined) continue;
      const sha256 = await hashes.file(file);
      files.push({ name, bytes, sha256 });
      if (!shared) travelling.set(sha256, { path: file, bytes });
    }
    // A model is the same wherever it lies; a data set may be spoken of by the name of its folder.
    const name = folder.isDataset ? path.basename(folder.at) : '';
    inputs.push({ name, ...(shared ? { at: folder.at } : {}), files });
  }
  return {
    message: { task: mapPaths(task, place), inputs, outputs: outputs.length },
    folders: [
      ...order.map((folder, i) => ({ folder, place: placeOf('in', i) })),
      ...outputs.map((folder, i) => ({ folder, place: placeOf('out', i) })),
    ],
    travelling,
    model: task.kind === 'grid' ? undefined : await hashes.model(task.model).catch(() => undefined),
  };
}

function isWritten(role: PathRole): boolean {
  return role === 'new file' || role === 'new folder';
}

function isFolder(role: PathRole): boolean {
  return role === 'dataset' || role === 'folder';
}

/** Files that are read where a path is named, relative to its folder, with `/` between names. */
async function filesOf(named: string, role: PathRole): Promise<readonly string[]> {
  switch (role) {
    case 'model': {
      const receipts = (await receiptsBeside(named)).map((file) => path.basename(file));
      // What lies elsewhere is no part of it, here as there.
      const parts = (await partsOf(named)).filter((name) => besideIfThere(named, name) !== undefined);
      return [path.basename(named), ...parts, ...receipts];
    }
    case 'dataset':
      return filesOfDataset(named);
    case 'folder':
      return readdir(named).catch(() => []);
    case 'file':
      return [path.basename(named)];
    default:
      return [];
  }
}

async function filesOfDataset(folder: string): Promise<string[]> {
  try {
    const { directory, names } = await datasetFiles(folder);
    const below = path.relative(folder, directory);
    return names.map((name) => (below === '' ? name : `${below}/${name}`));
  } catch (error) {
    // The job says what is wrong with it.
    if (error instanceof DatasetError) return [];
    throw error;
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  const about = await stat(file).catch(() => undefined);
  return about?.isFile() ? about.size : undefined;
}

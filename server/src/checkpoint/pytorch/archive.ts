/** Opens a PyTorch checkpoint (the zip format of PyTorch 1.6 and later): container, pickle, tensors over their storages. */

import type { ByteSource } from '../byteSource';
import type { ContainerAnomaly, PickleGlobal } from '../checkpoint';
import { CheckpointError } from '../checkpoint';
import type { FormatOptions } from '../checkpointFormat';
import { limits } from '../limits';
import { runPickle, type PickleRun } from '../pickle/machine';
import type { PickleValue } from '../pickle/values';
import type { ZipArchive, ZipEntry } from '../zip/archive';
import { readZip } from '../zip/readZip';
import type { StateDict } from './stateDict';
import type { Storage, StoredTensors } from './storedTensors';
import { storedTensors } from './storedTensors';
import type { StorageReference } from './tensorReference';

/** An entry of the archive as a storage. */
export interface EntryStorage extends Storage {
  readonly entry: ZipEntry;
}

/** The archive before anything in it was looked at. */
export interface PyTorchArchive {
  readonly zip: ZipArchive;
  /** Folder all entries lie in, such as `archive`. */
  readonly folder: string;
  readonly entries: EntryLookup;
  readonly littleEndian: boolean;
}

/** What one of the archive's pickles holds. */
export interface ArchivePickle {
  readonly root: PickleValue;
  readonly globals: readonly PickleGlobal[];
  readonly anomalies: readonly ContainerAnomaly[];
  readonly entry: ZipEntry;
}

/** Opens the archive in `source`. Throws CheckpointError where it is damaged. */
export function openPyTorchArchive(
  source: ByteSource,
  { file, isChecked }: Pick<FormatOptions, 'file' | 'isChecked'>,
): PyTorchArchive {
  const zip = readZip(source, file, isChecked);
  const folder = archiveFolder(zip, file);
  const entries = new EntryLookup(zip, file, folder);
  return { zip, folder, entries, littleEndian: isLittleEndian(entries, file) };
}

/**
 * Follows the pickle `name` of the archive.
 *
 * @param budget of opcodes; default: that of a file
 * @throws CheckpointError where there is none or it breaks
 */
export function archivePickle(
  { entries }: PyTorchArchive,
  name: string,
  file: string,
  budget = { left: limits.pickleOperations as number },
): ArchivePickle {
  const entry = entries.get(name);
  const run = runPickle(entry.data, 0, budget);
  requireFollowed(run, file, entry.name);
  return {
    root: run.value ?? null,
    globals: run.imports.map((record) => ({ ...record, entry: entry.name })),
    anomalies: run.notes.map((note) => ({ ...note, entry: entry.name })),
    entry,
  };
}

/** @throws CheckpointError where a pickle broke */
function requireFollowed({ fault }: PickleRun, file: string, entry?: string): void {
  if (fault === undefined) return;
  throw new CheckpointError(file, `the pickle cannot be followed: ${fault.reason}`, fault.offset, entry);
}

/** Tensors over the entries that hold their storages: those in the folder `place` of the archive, such as `data`. */
export function archiveTensors(
  { entries, littleEndian }: PyTorchArchive,
  stateDict: StateDict,
  place: string,
  largeTensors: boolean,
): StoredTensors<EntryStorage> {
  const storages = new Map<ZipEntry, EntryStorage>();
  return storedTensors(stateDict, find, largeTensors);

  function find({ key }: StorageReference): EntryStorage | string {
    const entry = entries.find(`${place}/${key}`);
    if (typeof entry === 'string') return `${entries.pathOf(`${place}/${key}`)}: ${entry}`;
    const storage = storages.get(entry) ?? { entry, content: entry.content, littleEndian };
    storages.set(entry, storage);
    return storage;
  }
}

/** PyTorch's reader takes the folder of the first entry and looks for everything inside it. */
function archiveFolder(zip: ZipArchive, file: string): string {
  const [first] = zip.entries;
  const end = first?.name.indexOf('/') ?? -1;
  if (end < 0)
    throw new CheckpointError(file, 'the zip archive is not a PyTorch checkpoint: its entries lie in no folder');
  return first.name.slice(0, end);
}

/** Entries by name within the archive's folder. */
class EntryLookup {
  private readonly byName = new Map<string, ZipEntry[]>();

  constructor(
    zip: ZipArchive,
    private readonly file: string,
    private readonly folder: string,
  ) {
    for (const entry of zip.entries) {
      const key = entry.name.toLowerCase();
      const sameName = this.byName.get(key);
      if (sameName) sameName.push(entry);
      else this.byName.set(key, [entry]);
    }
  }

  pathOf(name: string): string {
    return `${this.folder}/${name}`;
  }

  has(name: string): boolean {
    return this.byName.has(this.pathOf(name).toLowerCase());
  }

  /** The one entry of that name, readable, or why there is none. */
  find(name: string): ZipEntry | string {
    const found = this.byName.get(this.pathOf(name).toLowerCase()) ?? [];
    if (found.length === 0) return 'the zip archive has no such entry, which a PyTorch checkpoint needs';
    if (found.length > 1) return 'there are two entries of this name, and which one is loaded depends on the loader';
    return found[0].fault ?? found[0];
  }

  /** @throws CheckpointError where there is not exactly one readable entry of that name */
  get(name: string): ZipEntry {
    const found = this.find(name);
    if (typeof found === 'string') throw new CheckpointError(this.file, found, undefined, this.pathOf(name));
    return found;
  }
}

/** Little endian unless the archive says otherwise: older PyTorch wrote no `byteorder`. */
function isLittleEndian(entries: EntryLookup, file: string): boolean {
  if (!entries.has('byteorder')) return true;
  const { data, name } = entries.get('byteorder');
  const order = new TextDecoder().decode(data.subarray(0, 16));
  if (order !== 'little' && order !== 'big') {
    throw new CheckpointError(file, `the byte order is ${JSON.stringify(order)}`, undefined, name);
  }
  return order === 'little';
}

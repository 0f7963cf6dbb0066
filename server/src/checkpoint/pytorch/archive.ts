/** Opens a PyTorch checkpoint (the zip format of PyTorch 1.6 and later): container, pickle, tensors over their storages. */

import type { ByteSource } from '../byteSource';
import type { ContainerAnomaly, PickleGlobal } from '../checkpoint';
import { CheckpointError } from '../checkpoint';
import { elementSize } from '../dtypes';
import { limits } from '../limits';
import { runPickle } from '../pickle/machine';
import type { PickleValue } from '../pickle/values';
import type { StridedView } from '../stridedView';
import { viewProblem } from '../stridedView';
import type { ZipArchive, ZipEntry } from '../zip/archive';
import type { ChecksumRule } from '../zip/readZip';
import { readZip } from '../zip/readZip';
import type { StateDict } from './stateDict';
import { findStateDict } from './stateDict';
import type { TensorReference } from './tensorReference';
import { UnreadTensor } from './tensorReference';

/** A tensor of the state dict and the entry that holds its storage. */
export interface StoredTensor {
  readonly name: string;
  readonly view: StridedView;
  readonly entry: ZipEntry;
}

export interface PyTorchArchive {
  readonly zip: ZipArchive;
  /** Folder all entries lie in, such as `archive`. */
  readonly folder: string;
  /** By full name, in the order of the state dict. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly wrapper: string;
  /** What the pickle holds, the state dict somewhere in it. */
  readonly root: PickleValue;
  readonly globals: readonly PickleGlobal[];
  readonly anomalies: readonly ContainerAnomaly[];
}

export interface ArchiveOptions {
  /** Which entries' checksums are compared. Default: all. */
  readonly isChecked?: ChecksumRule;
  /** Allow tensors that are too large to be read in one piece. Default false. */
  readonly largeTensors?: boolean;
}

/** Opens the archive in `source`. Throws CheckpointError where it is damaged or no state dict can be read from it. */
export function openPyTorchArchive(source: ByteSource, file: string, options: ArchiveOptions = {}): PyTorchArchive {
  const zip = readZip(source, file, options.isChecked);
  const folder = archiveFolder(zip, file);
  const entries = new EntryLookup(zip, file, folder);
  if (entries.has('constants.pkl')) {
    throw new CheckpointError(file, 'a TorchScript archive is not read yet: save the state dict of the original model');
  }
  const pickle = entries.get('data.pkl');
  const run = runPickle(pickle.data, 0, { left: limits.pickleOperations });
  const damaged = (reason: string, offset?: number) => new CheckpointError(file, reason, offset, pickle.name);
  if (run.fault) throw damaged(`the pickle cannot be followed: ${run.fault.reason}`, run.fault.offset);
  const stateDict = findStateDict(run.value ?? null);
  if (typeof stateDict === 'string') throw damaged(stateDict);

  return {
    zip,
    folder,
    tensors: storedTensors(stateDict, entries, file, options.largeTensors),
    wrapper: stateDict.wrapper,
    root: run.value ?? null,
    globals: run.imports.map((record) => ({ ...record, entry: pickle.name })),
    anomalies: [...zip.anomalies, ...run.notes.map((note) => ({ ...note, entry: pickle.name }))],
  };
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

  has(name: string): boolean {
    return this.byName.has(`${this.folder}/${name}`.toLowerCase());
  }

  /** The one entry of that name, readable. */
  get(name: string): ZipEntry {
    const path = `${this.folder}/${name}`;
    const found = this.byName.get(path.toLowerCase()) ?? [];
    const fail = (reason: string) => new CheckpointError(this.file, reason, undefined, path);
    if (found.length === 0) throw fail('the zip archive has no such entry, which a PyTorch checkpoint needs');
    if (found.length > 1)
      throw fail('there are two entries of this name, and which one is loaded depends on the loader');
    if (found[0].fault !== undefined) throw fail(found[0].fault);
    return found[0];
  }
}

function storedTensors(
  stateDict: StateDict,
  entries: EntryLookup,
  file: string,
  largeTensors?: boolean,
): Map<string, StoredTensor> {
  const littleEndian = isLittleEndian(entries, file);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, reference] of stateDict.tensors) {
    const fail = (reason: string, entry?: string) =>
      new CheckpointError(file, `tensor ${JSON.stringify(name)} cannot be read: ${reason}`, undefined, entry);
    if (reference instanceof UnreadTensor) throw fail(reference.reason);
    const entry = entries.get(`data/${reference.storage.key}`);
    if (entry.content.length < reference.storage.byteLength) {
      throw fail(
        `its storage has ${entry.content.length} bytes instead of ${reference.storage.byteLength}`,
        entry.name,
      );
    }
    const view = asView(reference, littleEndian);
    const problem = viewProblem(view, reference.storage.byteLength, largeTensors);
    if (problem !== undefined) throw fail(problem, entry.name);
    tensors.set(name, { name, view, entry });
  }
  return tensors;
}

function asView({ dtype, shape, stride, offset }: TensorReference, littleEndian: boolean): StridedView {
  return { dtype, shape, stride, byteOffset: offset * elementSize[dtype], littleEndian };
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

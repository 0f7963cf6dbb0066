/** All groups and datasets of a file, by path. */

import type { ByteSource } from '../byteSource';
import { CheckpointError } from '../checkpoint';
import { limits } from '../limits';
import { textAttributes } from './attribute';
import type { Dataset } from './dataset';
import { datasetBudget, isDataset, readDataset } from './dataset';
import { Hdf5Fault } from './fault';
import type { Hdf5File } from './file';
import { GlobalHeap } from './globalHeap';
import { isGroup, linksOf } from './group';
import type { Link } from './link';
import type { ObjectHeader } from './objectHeader';
import { readObjectHeader } from './objectHeader';
import { readSuperblock } from './superblock';

/** Groups and datasets of a file, and how deep they nest. */
const mostObjects = 200_000;
const deepest = 64;

export interface Hdf5Contents {
  /** By path, such as `model_weights/dense/kernel:0`, in the order of the file. */
  readonly datasets: ReadonlyMap<string, Dataset>;
  /** Datasets and links that are not read, with the reason. */
  readonly unread: ReadonlyMap<string, string>;
  /** Texts that a group has as attributes, by name. Throws CheckpointError where they are damaged. */
  attributes(group: string): ReadonlyMap<string, readonly string[]>;
}

export interface ContentsOptions {
  /** Names the file in errors. */
  readonly file: string;
  /** What of the container the bytes are, for errors. */
  readonly entry?: string;
  readonly largeTensors: boolean;
}

/** Lists what is in the HDF5 file `source`. Throws CheckpointError where it is damaged. */
export function readContents(source: ByteSource, options: ContentsOptions): Hdf5Contents {
  const failed = ({ reason, offset }: Hdf5Fault) =>
    new CheckpointError(options.file, `the HDF5 file is damaged: ${reason}`, offset, options.entry);
  const guarded = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      throw error instanceof Hdf5Fault ? failed(error) : error;
    }
  };
  return guarded(() => {
    const { file, root } = readSuperblock(source);
    const walk = new Walk(file, options.largeTensors, failed);
    walk.group('', readObjectHeader(file, root), 0);
    const heap = new GlobalHeap(file);
    return {
      datasets: walk.datasets,
      unread: walk.unread,
      attributes(group) {
        const header = walk.groups.get(group);
        return header === undefined ? new Map() : guarded(() => textAttributes(file, header, heap));
      },
    };
  });
}

class Walk {
  readonly datasets = new Map<string, Dataset>();
  readonly unread = new Map<string, string>();
  readonly groups = new Map<string, ObjectHeader>();
  /** Headers that were seen, as objects may have several names and groups may hold each other. */
  private readonly seen = new Set<number>();
  private readonly budget;
  private objectsLeft = mostObjects;

  constructor(
    private readonly file: Hdf5File,
    private readonly largeTensors: boolean,
    private readonly failed: (fault: Hdf5Fault) => Error,
  ) {
    this.budget = datasetBudget(file.source);
  }

  group(path: string, header: ObjectHeader, depth: number): void {
    this.groups.set(path, header);
    this.seen.add(header.address);
    if (depth > deepest) throw new Hdf5Fault('its groups are nested deeper than is read', header.address);
    const links = linksOf(this.file, header, this.objectsLeft);
    // Some groups list their members by a hash, and every reader shows them by name.
    for (const link of links.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      this.objectsLeft--;
      const name = path === '' ? link.name : `${path}/${link.name}`;
      // Names are made of all those above them, and those that are long many times over fill the memory.
      if (name.length > limits.tensorName) throw new Hdf5Fault('a name is longer than is read', header.address);
      this.member(name, link, depth);
    }
  }

  private member(path: string, link: Link, depth: number): void {
    if (this.datasets.delete(path) || this.unread.has(path)) {
      this.unread.set(path, 'there are two members of this name');
    } else if (link.kind === 'soft') {
      this.unread.set(path, `it stands for ${JSON.stringify(link.target)}`);
    } else if (link.kind === 'external') {
      this.unread.set(path, 'it leads to another file, which is not opened');
    } else if (this.seen.has(link.address)) {
      this.unread.set(path, 'it is another name of something listed already');
    } else {
      this.object(path, readObjectHeader(this.file, link.address), depth);
    }
  }

  private object(path: string, header: ObjectHeader, depth: number): void {
    this.seen.add(header.address);
    if (isDataset(header)) this.dataset(path, header);
    else if (isGroup(header)) this.group(path, header, depth + 1);
  }

  private dataset(path: string, header: ObjectHeader): void {
    let dataset: Dataset | string;
    try {
      dataset = readDataset(this.file, header, this.budget, this.largeTensors, this.failed);
    } catch (error) {
      if (!(error instanceof Hdf5Fault)) throw error;
      dataset = error.reason;
    }
    if (typeof dataset === 'string') this.unread.set(path, dataset);
    else this.datasets.set(path, dataset);
  }
}

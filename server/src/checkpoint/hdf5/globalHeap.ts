/** The global heap: texts of any length, in collections. */

import { Hdf5Fault } from './fault';
import type { Hdf5File } from './file';

/** Bytes of a collection, and of a text. */
const longest = 1 << 26;
const headerLength = 8;

export class GlobalHeap {
  private readonly collections = new Map<number, ReadonlyMap<number, Uint8Array>>();

  constructor(private readonly file: Hdf5File) {}

  /** Object `index` of the collection at `address`. Throws Hdf5Fault where there is none. */
  object(address: number, index: number): Uint8Array {
    const collection = this.collections.get(address) ?? this.read(address);
    this.collections.set(address, collection);
    const found = collection.get(index);
    if (found === undefined) throw new Hdf5Fault(`there is no object ${index} in a heap`, address);
    return found;
  }

  private read(address: number): Map<number, Uint8Array> {
    const header = this.file.at(address, headerLength + this.file.sizes.lengths);
    header.signature('GCOL');
    header.version('a heap', 1);
    header.skip(3);
    const size = header.length();
    if (size > longest || size < header.bytes.length) throw new Hdf5Fault('a heap is larger than is read', address);
    const content = this.file.at(address + header.bytes.length, size - header.bytes.length);
    const objects = new Map<number, Uint8Array>();
    while (content.left >= headerLength + this.file.sizes.lengths) {
      const index = content.uint16();
      content.skip(6);
      const length = content.length();
      // What follows object 0 is free.
      if (index === 0) break;
      objects.set(index, content.block(length));
      content.align(8);
    }
    return objects;
  }
}

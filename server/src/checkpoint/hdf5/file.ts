/** The file as all its structures are read from it: by address, within bounds, with a budget. */

import type { ByteSource } from '../byteSource';
import { Cursor } from './cursor';
import type { FieldSizes } from './cursor';
import { Hdf5Fault } from './fault';

/** Structures of a file that are read: headers, nodes of trees, blocks of heaps. */
const mostStructures = 500_000;

export class Hdf5File {
  private structuresLeft = mostStructures;

  constructor(
    readonly source: ByteSource,
    readonly sizes: FieldSizes,
    /** Where the superblock says how long the file is, if that can be changed. */
    readonly endField?: number,
  ) {}

  /** A cursor over `length` bytes at `address`. Throws Hdf5Fault where the file has fewer. */
  at(address: number, length: number): Cursor {
    return this.upTo(address, length, length);
  }

  /** The same over as many of `length` bytes as the file has, `least` at least. */
  upTo(address: number, length: number, least = 1): Cursor {
    if (this.structuresLeft-- <= 0) throw new Hdf5Fault('it has more structures than are read', address);
    if (!(address >= 0 && address + least <= this.source.length)) {
      throw new Hdf5Fault('a structure runs past the end of the file', address);
    }
    return new Cursor(this.source.subarray(address, address + length), address, this.sizes);
  }
}

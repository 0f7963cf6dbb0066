/** Fractal heaps: where groups and objects with many members or attributes keep them. */

import { Hdf5Fault } from './fault';
import type { Hdf5File } from './file';
import type { Cursor } from './cursor';

/** Bytes of one object. */
const longestObject = 1 << 26;
const deepest = 16;

/** A heap whose objects are found by their id. */
export interface FractalHeap {
  readonly idLength: number;
  /** The object with this id. Throws Hdf5Fault where it cannot be read. */
  object(id: Uint8Array): Cursor;
}

interface Doubling {
  readonly width: number;
  readonly startSize: number;
  readonly maxDirectSize: number;
  readonly offsetBytes: number;
  /** Blocks from which objects are read directly have their own header, which `offset` counts too. */
  readonly isChecked: boolean;
}

/** Opens the heap at `address`. Throws Hdf5Fault. */
export function openFractalHeap(file: Hdf5File, address: number): FractalHeap {
  const { offsets, lengths } = file.sizes;
  const header = file.at(address, 22 + 12 * lengths + 3 * offsets);
  header.signature('FRHP');
  header.version('a fractal heap', 0);
  const idLength = header.uint16();
  const filterLength = header.uint16();
  const isChecked = (header.uint8() & 2) !== 0;
  const maxManaged = header.uint32();
  header.skip(lengths + offsets + lengths + offsets + 8 * lengths);
  const width = header.uint16();
  const startSize = header.length();
  const maxDirectSize = header.length();
  const heapBits = header.uint16();
  header.skip(2);
  const root = header.someAddress('a fractal heap');
  const rootRows = header.uint16();
  if (filterLength > 0) throw new Hdf5Fault('a compressed heap is not read', address);
  const isSound = [width, startSize, maxDirectSize].every((size) => size > 0 && Number.isInteger(Math.log2(size)));
  if (!isSound || maxDirectSize < startSize || heapBits > 64) throw new Hdf5Fault('a heap is damaged', address);

  const offsetBytes = Math.ceil(heapBits / 8);
  const lengthBytes = Math.min(bytesFor(maxDirectSize), bytesFor(maxManaged));
  const doubling: Doubling = { width, startSize, maxDirectSize, offsetBytes, isChecked };
  return {
    idLength,
    object(id) {
      // Managed objects only: huge and tiny ones have other kinds.
      if (id.length < 1 + offsetBytes + lengthBytes || id[0] !== 0) {
        throw new Hdf5Fault('an object of a heap is stored in a way that is not read', address);
      }
      const offset = littleEndian(id.subarray(1, 1 + offsetBytes));
      const length = littleEndian(id.subarray(1 + offsetBytes, 1 + offsetBytes + lengthBytes));
      if (length > longestObject) throw new Hdf5Fault('an object of a heap is longer than is read', address);
      const block =
        rootRows === 0 ? { address: root, start: 0 } : findBlock(file, root, rootRows, 0, offset, doubling, 0);
      return file.at(block.address + offset - block.start, length);
    },
  };
}

/** The direct block that holds byte `offset` of the heap, below the indirect block at `address`, which starts at `start`. */
function findBlock(
  file: Hdf5File,
  address: number,
  rows: number,
  start: number,
  offset: number,
  doubling: Doubling,
  depth: number,
): { address: number; start: number } {
  if (depth > deepest) throw new Hdf5Fault('a heap is nested deeper than is read', address);
  const { width, startSize, maxDirectSize, offsetBytes } = doubling;
  const { offsets } = file.sizes;
  for (let row = 0, at = start; row < rows; row++) {
    const size = startSize * 2 ** Math.max(0, row - 1);
    if (offset >= at + width * size) {
      at += width * size;
      continue;
    }
    const column = Math.floor((offset - at) / size);
    const entry = address + 5 + offsets + offsetBytes + (row * width + column) * offsets;
    file.at(address, 4).signature('FHIB');
    const child = file.at(entry, offsets).someAddress('a block of a heap');
    const childStart = at + column * size;
    if (size <= maxDirectSize) {
      file.at(child, 4).signature('FHDB');
      return { address: child, start: childStart };
    }
    const childRows = Math.log2(size) - Math.log2(startSize * width) + 1;
    return findBlock(file, child, childRows, childStart, offset, doubling, depth + 1);
  }
  throw new Hdf5Fault('an object lies outside of its heap', address);
}

/** Bytes that hold a number up to `most`. */
function bytesFor(most: number): number {
  return Math.floor(Math.log2(Math.max(1, most)) / 8) + 1;
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}

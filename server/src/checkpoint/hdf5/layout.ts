/** Layout messages: where the elements of a dataset are. */

import { limits } from '../limits';
import type { Cursor } from './cursor';
import { Hdf5Fault } from './fault';

/** How the chunks of a dataset are found. */
export type ChunkIndexKind =
  | 'b-tree'
  /** All elements in one chunk. */
  | 'single'
  /** Chunks of one size, one after another. */
  | 'implicit'
  | 'fixed-array';

export interface ChunkedLayout {
  readonly kind: 'chunked';
  readonly index: ChunkIndexKind;
  /** Of the index; undefined where nothing was written. */
  readonly address: number | undefined;
  /** Sizes of a chunk, in elements. */
  readonly chunk: readonly number[];
  readonly elementSize: number;
  /** Of the only chunk, where it is filtered: bytes it takes, and filters it skips. */
  readonly single?: { readonly size: number; readonly mask: number };
}

export type Layout =
  /** One after another, from `address`; undefined where nothing was written. */
  | {
      readonly kind: 'contiguous';
      readonly address: number | undefined;
      readonly size: number;
      /** In the header itself. */
      readonly isCompact?: boolean;
    }
  | ChunkedLayout
  | { readonly kind: 'unread'; readonly reason: string };

const indexKinds: Readonly<Record<number, ChunkIndexKind>> = { 1: 'single', 2: 'implicit', 3: 'fixed-array' };

export function readLayout(cursor: Cursor): Layout {
  const version = cursor.version('a data layout', 1, 2, 3, 4, 5);
  return version < 3 ? readOld(cursor) : readNew(cursor, version);
}

function readNew(cursor: Cursor, version: number): Layout {
  const layoutClass = cursor.uint8();
  switch (layoutClass) {
    case 0: {
      const size = cursor.uint16();
      return { kind: 'contiguous', address: cursor.position, size, isCompact: true };
    }
    case 1:
      return { kind: 'contiguous', address: cursor.address(), size: cursor.length() };
    case 2:
      return version === 3 ? readChunked3(cursor) : readChunked4(cursor);
    default:
      return { kind: 'unread', reason: 'its elements are those of other datasets (a virtual dataset)' };
  }
}

/** Versions 1 and 2, written before HDF5 1.6.3. */
function readOld(cursor: Cursor): Layout {
  const dimensions = dimensionCount(cursor);
  const layoutClass = cursor.uint8();
  cursor.skip(5);
  const address = layoutClass === 0 ? undefined : cursor.address();
  const sizes = Array.from({ length: dimensions }, () => cursor.uint32());
  if (layoutClass === 2) return chunked('b-tree', address, [...sizes, cursor.uint32()]);
  if (layoutClass === 1) return { kind: 'contiguous', address, size: sizes.reduce((a, b) => a * b, 1) };
  const size = cursor.uint32();
  return { kind: 'contiguous', address: cursor.position, size, isCompact: true };
}

function readChunked3(cursor: Cursor): Layout {
  const dimensions = dimensionCount(cursor);
  const address = cursor.address();
  return chunked(
    'b-tree',
    address,
    Array.from({ length: dimensions }, () => cursor.uint32()),
  );
}

function readChunked4(cursor: Cursor): Layout {
  const flags = cursor.uint8();
  const dimensions = dimensionCount(cursor);
  const width = cursor.uint8();
  if (width > 8) throw new Hdf5Fault('the sizes of chunks have a width that is not read', cursor.position);
  const sizes = Array.from({ length: dimensions }, () => cursor.uint(width));
  const type = cursor.uint8();
  if (!Object.hasOwn(indexKinds, type)) {
    return { kind: 'unread', reason: 'its chunks are listed in a way that is not read, as it can be extended' };
  }
  const index = indexKinds[type];
  let single: ChunkedLayout['single'];
  if (index === 'single' && (flags & 2) !== 0) single = { size: cursor.length(), mask: cursor.uint32() };
  // Bits of a page's number of entries, which the array says itself.
  if (index === 'fixed-array') cursor.skip(1);
  return chunked(index, cursor.address(), sizes, single);
}

function dimensionCount(cursor: Cursor): number {
  const count = cursor.uint8();
  if (count < 1 || count > limits.tensorDimensions + 1) {
    throw new Hdf5Fault(`its layout has ${count} dimensions`, cursor.position);
  }
  return count;
}

/** @param sizes of a chunk in elements, then the bytes of an element */
function chunked(
  index: ChunkIndexKind,
  address: number | undefined,
  sizes: readonly number[],
  single?: ChunkedLayout['single'],
): Layout {
  const chunk = sizes.slice(0, -1);
  if (chunk.includes(0)) return { kind: 'unread', reason: 'its chunks are empty' };
  return { kind: 'chunked', index, address, chunk, elementSize: sizes[sizes.length - 1], single };
}

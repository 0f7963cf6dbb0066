/** Lists the chunks of a dataset. */

import { Hdf5Fault } from './fault';
import type { Hdf5File } from './file';
import type { ChunkedLayout } from './layout';

export interface Chunk {
  readonly address: number;
  /** Bytes it takes in the file. */
  readonly size: number;
  /** A bit for each filter it skipped. */
  readonly mask: number;
  /** Of its first element, in elements of the dataset. */
  readonly origin: readonly number[];
  /** Where size and mask are, in a tree, whose nodes have no checksums; the address follows behind the origin. */
  readonly key?: number;
}

/** Bytes of a tree's key before the address of a chunk: size, mask, origin, and a zero for the bytes of an element. */
export function keyLength(dimensions: number): number {
  return 8 + 8 * (dimensions + 1);
}

/** Levels of a tree. */
const deepest = 32;
/** Chunks of one dataset. */
export const mostChunks = 1 << 20;

/**
 * All chunks of a dataset of `shape`, each within the file and in its place. Throws Hdf5Fault where their list is damaged.
 *
 * @param isFiltered whether chunks may take another number of bytes than their elements
 */
export function chunksOf(
  file: Hdf5File,
  layout: ChunkedLayout,
  shape: readonly number[],
  isFiltered: boolean,
): Chunk[] {
  const { chunk } = layout;
  // Chunks of elements that were taken off stay behind.
  const used = allChunks(file, layout, shape, isFiltered).filter(({ origin }) =>
    origin.every((first, d) => first < shape[d]),
  );
  if (used.length > chunkCount(shape, chunk))
    throw new Hdf5Fault('it lists a chunk more than once', layout.address ?? 0);
  for (const { address, size, origin } of used) {
    if (!(address + size <= file.source.length)) throw new Hdf5Fault('a chunk runs past the end of the file', address);
    if (origin.some((first, d) => first % chunk[d] !== 0)) throw new Hdf5Fault('a chunk is out of place', address);
  }
  return used;
}

function allChunks(
  file: Hdf5File,
  { address, index, chunk, elementSize, single }: ChunkedLayout,
  shape: readonly number[],
  isFiltered: boolean,
): Chunk[] {
  if (address === undefined) return [];
  const size = chunk.reduce((product, one) => product * one, elementSize);
  switch (index) {
    case 'b-tree':
      return treeChunks(file, address, chunk.length);
    case 'single':
      return [{ address, size: single?.size ?? size, mask: single?.mask ?? 0, origin: chunk.map(() => 0) }];
    case 'implicit':
      return origins(shape, chunk).map((origin, i) => ({ address: address + i * size, size, mask: 0, origin }));
    case 'fixed-array':
      return arrayChunks(file, address, origins(shape, chunk), size, isFiltered);
  }
}

/** Number of chunks that cover `shape`. */
export function chunkCount(shape: readonly number[], chunk: readonly number[]): number {
  return shape.reduce((count, size, d) => count * Math.ceil(size / chunk[d]), 1);
}

/** First elements of all chunks that cover `shape`, in row-major order. */
function origins(shape: readonly number[], chunk: readonly number[]): number[][] {
  const counts = shape.map((size, d) => Math.ceil(size / chunk[d]));
  return Array.from({ length: chunkCount(shape, chunk) }, (_, index) => {
    const origin = new Array<number>(shape.length);
    for (let d = shape.length - 1; d >= 0; d--) {
      origin[d] = (index % counts[d]) * chunk[d];
      index = Math.floor(index / counts[d]);
    }
    return origin;
  });
}

/** Version 1 trees: nodes "TREE" of type 1, with the chunk's size, mask and origin as the key before each child. */
function treeChunks(file: Hdf5File, root: number, dimensions: number): Chunk[] {
  const chunks: Chunk[] = [];
  const visit = (address: number, depth: number): void => {
    if (depth > deepest) throw new Hdf5Fault('the tree of chunks is deeper than is read', address);
    const header = file.at(address, 8 + 2 * file.sizes.offsets);
    header.signature('TREE');
    if (header.uint8() !== 1) throw new Hdf5Fault('the tree lists no chunks', address);
    const level = header.uint8();
    const count = header.uint16();
    const entries = file.at(address + header.bytes.length, count * (keyLength(dimensions) + file.sizes.offsets));
    for (let i = 0; i < count; i++) {
      const key = entries.position;
      const size = entries.uint32();
      const mask = entries.uint32();
      const origin = Array.from({ length: dimensions }, () => entries.uint(8));
      entries.skip(8);
      const child = entries.someAddress('a chunk');
      if (level > 0) visit(child, depth + 1);
      else if (chunks.length >= mostChunks) throw new Hdf5Fault('it has more chunks than are read', address);
      else chunks.push({ address: child, size, mask, origin, key });
    }
  };
  visit(root, 0);
  return chunks;
}

const checksumLength = 4;

/** A fixed array: header "FAHD", block "FADB" of one entry a chunk, in pages where there are many. */
function arrayChunks(
  file: Hdf5File,
  address: number,
  places: readonly (readonly number[])[],
  chunkSize: number,
  isFiltered: boolean,
): Chunk[] {
  const { offsets, lengths } = file.sizes;
  const header = file.at(address, 8 + lengths + offsets);
  header.signature('FAHD');
  header.version('a fixed array', 0);
  header.skip(1);
  const entryLength = header.uint8();
  const pageLength = 2 ** header.uint8();
  const count = header.length();
  const block = header.someAddress('a fixed array');
  if (count !== places.length) throw new Hdf5Fault(`it lists ${count} chunks instead of ${places.length}`, address);
  const prefix = file.at(block, 6 + offsets);
  prefix.signature('FADB');
  const pages = Math.ceil(count / pageLength);
  const isPaged = count > pageLength;
  // Pages follow a bit for each that says whether it was written, each page with a checksum.
  const start = block + 6 + offsets + (isPaged ? Math.ceil(pages / 8) + checksumLength : 0);
  const chunks: Chunk[] = [];
  for (let page = 0; page < pages; page++) {
    const from = page * pageLength;
    const pageStart = start + from * entryLength + (isPaged ? page * checksumLength : 0);
    const entries = file.at(pageStart, Math.min(pageLength, count - from) * entryLength);
    for (let i = from; i < Math.min(from + pageLength, count); i++) {
      const entry = entries.inner(entryLength);
      const at = entry.address();
      if (at === undefined) continue;
      const size = isFiltered ? entry.uint(Math.min(8, entryLength - offsets - 4)) : chunkSize;
      chunks.push({ address: at, size, mask: isFiltered ? entry.uint32() : 0, origin: places[i] });
    }
  }
  return chunks;
}

/** Puts the chunks of a dataset together. */

import { contiguousStride, elementCount } from '../stridedView';
import type { Chunk } from './chunkIndex';
import type { Hdf5File } from './file';
import type { Filter } from './filters';
import { unfiltered } from './filters';
import type { ChunkedLayout } from './layout';

/**
 * All elements of a dataset of `shape`, row-major, as they are in the file's byte order. What no chunk covers is
 * `fill`, or zero. Throws Hdf5Fault where a chunk is damaged.
 */
export function joinedChunks(
  file: Hdf5File,
  chunks: readonly Chunk[],
  { chunk: sizes, elementSize }: ChunkedLayout,
  shape: readonly number[],
  filters: readonly Filter[],
  fill: Uint8Array | undefined,
): Uint8Array {
  const joined = new Uint8Array(elementCount(shape) * elementSize);
  if (fill?.some((byte) => byte !== 0)) {
    for (let at = 0; at < joined.length; at += elementSize) joined.set(fill, at);
  }
  const chunkBytes = elementCount(sizes) * elementSize;
  for (const { address, size, mask, origin } of chunks) {
    const stored = file.source.subarray(address, address + size);
    const bytes = unfiltered(stored, filters, mask, chunkBytes, address);
    forEachRow(origin, sizes, shape, (from, to, count) => {
      joined.set(bytes.subarray(from * elementSize, (from + count) * elementSize), to * elementSize);
    });
  }
  return joined;
}

/** Elements that lie side by side, in the file and in row-major order. */
export interface Run {
  /** First byte in the file. */
  readonly offset: number;
  /** First element. */
  readonly from: number;
  readonly count: number;
}

/** Where the elements of unfiltered chunks are in the file. */
export function chunkRuns(
  chunks: readonly Chunk[],
  { chunk: sizes, elementSize }: ChunkedLayout,
  shape: readonly number[],
): Run[] {
  const runs: Run[] = [];
  for (const { address, origin } of chunks) {
    forEachRow(origin, sizes, shape, (from, to, count) => {
      runs.push({ offset: address + from * elementSize, from: to, count });
    });
  }
  return runs;
}

/** Calls `visit` for each run of elements that lie side by side in a chunk and in the dataset. */
export function forEachRow(
  origin: readonly number[],
  sizes: readonly number[],
  shape: readonly number[],
  visit: (from: number, to: number, count: number) => void,
): void {
  const last = shape.length - 1;
  const used = shape.map((size, d) => Math.min(sizes[d], size - origin[d]));
  const chunkStride = contiguousStride(sizes);
  const stride = contiguousStride(shape);
  const rows = used.slice(0, last).reduce((product, size) => product * size, 1);
  const position = new Array<number>(Math.max(0, last)).fill(0);
  for (let row = 0; row < rows; row++) {
    let from = 0;
    let to = last < 0 ? 0 : origin[last];
    for (let d = 0; d < last; d++) {
      from += position[d] * chunkStride[d];
      to += (origin[d] + position[d]) * stride[d];
    }
    visit(from, to, last < 0 ? 1 : used[last]);
    for (let d = last - 1; d >= 0 && ++position[d] === used[d]; d--) position[d] = 0;
  }
}

/** Chunks that are compressed or have checksums, written anew with other elements. */

import { elementCount } from '../stridedView';
import type { Chunk } from './chunkIndex';
import { keyLength } from './chunkIndex';
import { forEachRow } from './chunks';
import type { FilteredDataset } from './dataset';
import { filtered, unfiltered } from './filters';

/** Bytes to put into a file; behind its end they make it longer. */
export interface Patch {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Chunks begin at multiples of so many bytes. */
const alignment = 8;

/** Why the chunks of a dataset cannot be written anew, or undefined where they can. */
export function chunkProblem({ file, layout }: FilteredDataset): string | undefined {
  if (layout.index !== 'b-tree') return 'its elements are compressed or have checksums, and so has the list of them';
  if (file.endField === undefined)
    return 'its elements are compressed or have checksums, and so has the length of the file';
  // A file with narrower addresses has no room for much.
  return file.sizes.offsets < 4 ? 'the file has addresses of two bytes' : undefined;
}

/**
 * What to change in a file so that a dataset, of which `chunkProblem` says nothing, has other elements: each chunk in its
 * place where it fits there, else behind the end. Throws Hdf5Fault where a chunk is damaged.
 *
 * @param elements all of them, row-major, as bytes in the file's order
 * @param end of the file, with what was put there before
 * @returns undefined where the chunks do not hold all of the elements
 */
export function chunkPatches(
  { file, layout: { chunk: sizes, elementSize }, filters }: FilteredDataset,
  chunks: readonly Chunk[],
  shape: readonly number[],
  elements: Uint8Array,
  end: number,
): Patch[] | undefined {
  const patches: Patch[] = [];
  let written = 0;
  for (const { address, size, mask, origin, key = 0 } of chunks) {
    const stored = file.source.subarray(address, address + size);
    const chunkBytes = elementCount(sizes) * elementSize;
    // What a chunk has beyond the elements of the dataset stays.
    const content = Uint8Array.from(unfiltered(stored, filters, mask, chunkBytes, address));
    forEachRow(origin, sizes, shape, (from, to, count) => {
      content.set(elements.subarray(to * elementSize, (to + count) * elementSize), from * elementSize);
      written += count;
    });
    const bytes = filtered(content, filters, mask);
    const fits = bytes.length <= size;
    const offset = fits ? address : Math.ceil(end / alignment) * alignment;
    patches.push({ offset, bytes }, { offset: key, bytes: littleEndian(bytes.length, 4) });
    if (fits) continue;
    patches.push({ offset: key + keyLength(sizes.length), bytes: littleEndian(offset, file.sizes.offsets) });
    end = offset + bytes.length;
  }
  return written === elementCount(shape) ? patches : undefined;
}

/** A whole number in so many bytes, the lowest first. */
export function littleEndian(value: number, width: number): Uint8Array {
  return Uint8Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** i) % 256);
}

/** Filter pipelines: what was done to each chunk before it was written. */

import { deflateSync, inflateSync } from 'node:zlib';
import type { Cursor } from './cursor';
import { Hdf5Fault } from './fault';

export interface Filter {
  readonly id: number;
  /** The filter's own settings. */
  readonly parameters: readonly number[];
}

const filterId = { deflate: 1, shuffle: 2, fletcher32: 3 } as const;
const otherNames: Readonly<Record<number, string>> = {
  4: 'szip',
  5: 'nbit',
  6: 'scaleoffset',
  32000: 'lzf',
  32001: 'blosc',
  32004: 'lz4',
  32015: 'zstd',
};
/** Filters of one dataset (H5Z_MAX_NFILTERS). */
const mostFilters = 32;

/** Filters in the order in which they were applied. */
export function readFilters(cursor: Cursor): Filter[] {
  const version = cursor.version('a filter pipeline', 1, 2);
  const count = cursor.uint8();
  if (count > mostFilters) throw new Hdf5Fault('it has more filters than there can be', cursor.position);
  if (version === 1) cursor.skip(6);
  return Array.from({ length: count }, () => {
    const id = cursor.uint16();
    const nameLength = version === 1 || id >= 256 ? cursor.uint16() : 0;
    cursor.skip(2);
    const parameterCount = cursor.uint16();
    cursor.skip(version === 1 ? Math.ceil(nameLength / 8) * 8 : nameLength);
    const parameters = Array.from({ length: parameterCount }, () => cursor.uint32());
    if (version === 1 && parameterCount % 2 === 1) cursor.skip(4);
    return { id, parameters };
  });
}

/** Why a pipeline cannot be undone, or undefined where it can. */
export function filterProblem(filters: readonly Filter[]): string | undefined {
  const known: readonly number[] = Object.values(filterId);
  const unknown = filters.find(({ id }) => !known.includes(id));
  return unknown && `it is compressed with ${otherNames[unknown.id] ?? `filter ${unknown.id}`}, which is not read`;
}

/**
 * Undoes the filters of a chunk. Throws Hdf5Fault where its bytes are damaged or become other than `size`.
 *
 * @param mask a bit for each filter that this chunk skipped
 * @param offset of the chunk in the file
 */
export function unfiltered(
  bytes: Uint8Array,
  filters: readonly Filter[],
  mask: number,
  size: number,
  offset: number,
): Uint8Array {
  for (let i = filters.length - 1; i >= 0; i--) {
    if (((mask >>> i) & 1) === 1) continue;
    bytes = undo(filters[i], bytes, size, offset);
  }
  if (bytes.length !== size) throw new Hdf5Fault(`a chunk has ${bytes.length} bytes instead of ${size}`, offset);
  return bytes;
}

/**
 * Applies filters to a chunk, as writers do.
 *
 * @param mask a bit for each filter that this chunk skips
 */
export function filtered(bytes: Uint8Array, filters: readonly Filter[], mask: number): Uint8Array {
  for (const [i, { id, parameters }] of filters.entries()) {
    if (((mask >>> i) & 1) === 1) continue;
    if (id === filterId.shuffle) bytes = shuffled(bytes, parameters.at(0) ?? 1);
    else if (id === filterId.fletcher32) bytes = withChecksum(bytes);
    else bytes = deflateSync(bytes, { level: Math.min(9, parameters.at(0) ?? 6) });
  }
  return bytes;
}

const checksumLength = 4;

function withChecksum(bytes: Uint8Array): Uint8Array {
  const checked = new Uint8Array(bytes.length + checksumLength);
  checked.set(bytes);
  new DataView(checked.buffer).setUint32(bytes.length, fletcher32(bytes), true);
  return checked;
}

/** Of 16-bit words, the first byte of each above the second (H5_checksum_fletcher32). */
function fletcher32(bytes: Uint8Array): number {
  let [first, second] = [0, 0];
  for (let at = 0; at < bytes.length; at += 2) {
    // Both sums are kept from 1 to 65535, but for nothing but zeros.
    first = ones(first + (bytes[at] << 8) + (bytes.at(at + 1) ?? 0));
    second = ones(second + first);
  }
  return ((second << 16) | first) >>> 0;
}

/** A sum of two numbers of 16 bits in ones' complement. */
function ones(sum: number): number {
  return (sum & 0xffff) + (sum >>> 16);
}

function undo({ id, parameters }: Filter, bytes: Uint8Array, size: number, offset: number): Uint8Array {
  if (id === filterId.shuffle) return unshuffled(bytes, parameters.at(0) ?? 1);
  // Readers take what they can get: a wrong checksum does not change the numbers that are there.
  if (id === filterId.fletcher32) return bytes.subarray(0, Math.max(0, bytes.length - checksumLength));
  try {
    return inflateSync(bytes, { maxOutputLength: size + checksumLength });
  } catch {
    throw new Hdf5Fault('a chunk is damaged: it cannot be inflated to its size', offset);
  }
}

/** First bytes of all elements, second bytes, and so on; what makes no whole element stays behind. */
function shuffled(bytes: Uint8Array, elementSize: number): Uint8Array {
  const count = Math.floor(bytes.length / Math.max(1, elementSize));
  if (elementSize <= 1 || count <= 1) return bytes;
  const ordered = Uint8Array.from(bytes);
  for (let byte = 0, to = 0; byte < elementSize; byte++) {
    for (let i = 0; i < count; i++) ordered[to++] = bytes[i * elementSize + byte];
  }
  return ordered;
}

/** Undoes the order of first bytes of all elements, second bytes, and so on; what makes no whole element stays behind. */
function unshuffled(bytes: Uint8Array, elementSize: number): Uint8Array {
  const count = Math.floor(bytes.length / Math.max(1, elementSize));
  if (elementSize <= 1 || count <= 1) return bytes;
  const ordered = Uint8Array.from(bytes);
  for (let byte = 0, from = 0; byte < elementSize; byte++) {
    for (let i = 0; i < count; i++) ordered[i * elementSize + byte] = bytes[from++];
  }
  return ordered;
}

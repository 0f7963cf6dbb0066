/** Archives and compressed streams by their first bytes: which are unpacked here, and what the others are called. */

import { constants, inflateRawSync } from 'node:zlib';
import type { ByteSource } from '../byteSource';
import { startsWith } from '../containerKind';
import { limits } from '../limits';

export type Inflated = 'gzip' | 'zlib' | 'joblib';

/** What is not unpacked. */
const closed: readonly (readonly [start: readonly number[], title: string])[] = [
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], '7-Zip archive'],
  [[0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], 'RAR archive'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], 'file compressed with xz'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'file compressed with Zstandard'],
  [[0x04, 0x22, 0x4d, 0x18], 'file compressed with LZ4'],
  [[0x4d, 0x53, 0x43, 0x46], 'cabinet archive'],
  [[0x4c, 0x5a, 0x49, 0x50], 'file compressed with lzip'],
  [[0x7f, 0x45, 0x4c, 0x46], 'native library (ELF)'],
  [[0xcf, 0xfa, 0xed, 0xfe], 'native library (Mach-O)'],
];

/** The same where a few bytes do not tell, as weights may begin with them. */
const closedPatterns: readonly (readonly [start: RegExp, title: string])[] = [
  // With the size of its blocks, and the magic of a block or of the end.
  [/^BZh[1-9](?:1AY&SY|\x17rE8P\x90)/, 'file compressed with bzip2'],
  // The usual properties, a dictionary of 2^12 bytes or more, and a size that is unknown or below 2^40.
  [/^\x5d\0(?:\0[^\0][^]|[^][^\0][^]|[^][^][^\0])(?:\xff{8}|[^]{5}\0{3})/, 'file compressed with LZMA'],
  // The mode of blocks, and 9 to 16 bits a code.
  [/^\x1f\x9d[\x09-\x10\x89-\x90]/, 'file compressed with compress'],
  // The offset of the header that follows: behind the first 64 bytes, and not far.
  [/^MZ[^]{58}(?:[\x40-\xff]\0|[^][\x01-\x03])\0\0/, 'native library or program (Windows)'],
];

/** The name of what these bytes are the beginning of, where it is an archive or compressed and not unpacked here. */
export function closedTitle(head: Uint8Array): string | undefined {
  const plain = closed.find(([start]) => startsWith(head, start));
  const text = Buffer.from(head).toString('latin1');
  return (plain ?? closedPatterns.find(([start]) => start.test(text)))?.[1];
}

/** How the bytes are compressed, where that is unpacked here. */
export function inflatedAs(head: Uint8Array): Inflated | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  if (isZlib(head)) return 'zlib';
  return joblibHeader(head) === undefined ? undefined : 'joblib';
}

/** Method deflate with a window of 32 KiB, as everything writes it, and the check of the two bytes. */
function isZlib(head: Uint8Array): boolean {
  return head[0] === 0x78 && head.length > 2 && ((head[0] << 8) | head[1]) % 31 === 0;
}

/**
 * Bytes before the zlib stream of a file of joblib before 0.10, which its loader still takes: two letters, the length in 19
 * digits, and a space from some versions (joblib/numpy_pickle_compat.py, `read_zfile`).
 */
function joblibHeader(head: Uint8Array): number | undefined {
  if (head[0] !== 0x5a || head[1] !== 0x46) return undefined;
  const length = head[21] === 0x20 ? 22 : 21;
  return isZlib(head.subarray(length)) ? length : undefined;
}

/** Bytes by which a stream proves that it is one. */
const tried = 1 << 10;

/**
 * The bytes that `source` inflates to: 'damaged' where it is no such stream, 'large' where they are more than may still be
 * inflated. What was inflated is taken from `budget`.
 */
export function inflate(source: ByteSource, as: Inflated, budget: { left: number }): Uint8Array | 'damaged' | 'large' {
  const start = attempt(source.subarray(0, tried), as, limits.inflateFreely);
  if (start === 'damaged') return start;
  if (source.length > limits.streamBytes) return 'large';
  const allowed = Math.min(budget.left, Math.max(limits.inflateFreely, source.length * limits.inflateRatio));
  if (allowed <= 0) return 'large';
  const result = attempt(source.subarray(0, source.length), as, allowed);
  if (typeof result !== 'string') budget.left -= result.length;
  return result;
}

/** Streams of one kind behind one another, which readers put together. */
const mostStreams = 1000;

function attempt(bytes: Uint8Array, as: Inflated, maxOutputLength: number): Uint8Array | 'damaged' | 'large' {
  const parts: Uint8Array[] = [];
  let at = 0;
  let left = maxOutputLength;
  try {
    while (inflatedAs(bytes.subarray(at)) === as && left > 0) {
      const start = at + headerLength(bytes.subarray(at), as);
      const { data, consumed } = inflateStream(bytes.subarray(start), left);
      parts.push(data);
      if (parts.length > mostStreams) return 'large';
      left -= data.length;
      at = start + consumed + trailerLength[as];
    }
  } catch (error) {
    if (error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') return 'large';
    // Readers leave what follows a stream alone where it is none.
  }
  return left === maxOutputLength ? 'damaged' : Buffer.concat(parts);
}

/**
 * One stream without its checksum, and as much of it as there is: loaders take what they read before they come to its
 * end. Throws where it is none.
 */
function inflateStream(bytes: Uint8Array, maxOutputLength: number): { data: Uint8Array; consumed: number } {
  const options = { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH, info: true };
  // With `info`, which the types do not know, comes the engine that has counted what it took.
  const { buffer, engine } = inflateRawSync(bytes, options) as unknown as InflatedWithInfo;
  return { data: buffer, consumed: engine.bytesWritten };
}

interface InflatedWithInfo {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

/** Checksum, and the size. */
const trailerLength: Readonly<Record<Inflated, number>> = { zlib: 4, joblib: 4, gzip: 8 };

/** Bytes before the deflated ones (RFC 1950 and RFC 1952). */
function headerLength(bytes: Uint8Array, as: Inflated): number {
  if (as !== 'gzip') return (joblibHeader(bytes) ?? 0) + 2;
  const flags = bytes[3];
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + bytes[at] + 256 * bytes[at + 1];
  // Name and comment end with a zero.
  for (const text of [8, 16]) if ((flags & text) !== 0) at = bytes.indexOf(0, at) + 1;
  if ((flags & 2) !== 0) at += 2;
  return at;
}

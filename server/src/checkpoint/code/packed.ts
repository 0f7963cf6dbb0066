/** Archives and compressed streams by their first bytes: which are unpacked here, and what the others are called. */

import { gunzipSync, inflateSync } from 'node:zlib';
import type { ByteSource } from '../byteSource';
import { startsWith } from '../containerKind';
import { limits } from '../limits';

export type Inflated = 'gzip' | 'zlib';

/** What is not unpacked. */
const closed: readonly (readonly [start: readonly number[], title: string])[] = [
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], '7-Zip archive'],
  [[0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], 'RAR archive'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], 'file compressed with xz'],
  [[0x42, 0x5a, 0x68], 'file compressed with bzip2'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'file compressed with Zstandard'],
  [[0x04, 0x22, 0x4d, 0x18], 'file compressed with LZ4'],
  [[0x5d, 0x00, 0x00], 'file compressed with LZMA'],
  [[0x4d, 0x53, 0x43, 0x46], 'cabinet archive'],
  [[0x1f, 0x9d], 'file compressed with compress'],
  [[0x4c, 0x5a, 0x49, 0x50], 'file compressed with lzip'],
];

/** The name of what these bytes are the beginning of, where it is an archive or compressed and not unpacked here. */
export function closedTitle(head: Uint8Array): string | undefined {
  return closed.find(([start]) => startsWith(head, start))?.[1];
}

/** How the bytes are compressed, where that is unpacked here. */
export function inflatedAs(head: Uint8Array): Inflated | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  // Method deflate with a window of 32 KiB, as everything writes it, and the check of the two bytes.
  return head[0] === 0x78 && head.length > 2 && ((head[0] << 8) | head[1]) % 31 === 0 ? 'zlib' : undefined;
}

/** Bytes by which a stream proves that it is one. */
const tried = 1 << 10;

/**
 * The bytes that `source` inflates to: 'damaged' where it is no such stream, 'large' where they are more than may still be
 * inflated. What was inflated is taken from `budget`.
 */
export function inflate(source: ByteSource, as: Inflated, budget: { left: number }): Uint8Array | 'damaged' | 'large' {
  const start = attempt(source.subarray(0, tried), as, limits.inflateFreely, true);
  if (start === 'damaged') return start;
  if (source.length > limits.streamBytes) return 'large';
  const allowed = Math.min(budget.left, Math.max(limits.inflateFreely, source.length * limits.inflateRatio));
  if (allowed <= 0) return 'large';
  const result = attempt(source.subarray(0, source.length), as, allowed, false);
  if (typeof result !== 'string') budget.left -= result.length;
  return result;
}

/** @param isPart whether the stream goes on behind these bytes */
function attempt(
  bytes: Uint8Array,
  as: Inflated,
  maxOutputLength: number,
  isPart: boolean,
): Uint8Array | 'damaged' | 'large' {
  try {
    const options = { maxOutputLength, finishFlush: isPart ? 2 : undefined };
    return as === 'gzip' ? gunzipSync(bytes, options) : inflateSync(bytes, options);
  } catch (error) {
    return error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
      ? 'large'
      : 'damaged';
  }
}

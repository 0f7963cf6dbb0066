import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** Bytes, or a number of zeros that take no place on disk. */
export type Part = Uint8Array | number;

/** Writes a file of which the zeros are holes. */
export function writeSparse(file: string, parts: readonly Part[]): void {
  const descriptor = openSync(file, 'w');
  try {
    let at = 0;
    for (const part of parts) {
      if (typeof part !== 'number') writeSync(descriptor, part, 0, part.length, at);
      at += lengthOf(part);
    }
    ftruncateSync(descriptor, at);
  } finally {
    closeSync(descriptor);
  }
}

export function lengthOf(part: Part): number {
  return typeof part === 'number' ? part : part.length;
}

/** The same in memory. */
export function bytesOf(parts: readonly Part[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.alloc(part) : part)));
}

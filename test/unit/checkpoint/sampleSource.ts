import assert from 'node:assert/strict';
import { lengthOf, type Part } from '../../../bench/formats/sparseFile';
import type { ByteSource } from '../../../server/src/checkpoint/byteSource';

/** Bytes that are not in memory, as far as readers can tell, and how many of them were asked for. */
export class CountedSource implements ByteSource {
  asked = 0;
  readonly length: number;

  constructor(private readonly bytes: Uint8Array) {
    this.length = bytes.length;
  }

  subarray(start: number, end: number): Uint8Array {
    assert.ok(start >= 0 && Number.isSafeInteger(start) && Number.isSafeInteger(end), `${start} to ${end}`);
    const part = Uint8Array.from(this.bytes.subarray(start, end));
    this.asked += part.length;
    return part;
  }
}

/** A source of any size that is mostly zeros, and how many of its bytes were asked for. */
export class SparseSource implements ByteSource {
  asked = 0;
  readonly length: number;

  /** @param parts bytes, or numbers of zeros */
  constructor(private readonly parts: readonly Part[]) {
    this.length = parts.reduce<number>((sum, part) => sum + lengthOf(part), 0);
  }

  subarray(start: number, end: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(end, this.length) - start));
    this.asked += bytes.length;
    let at = -start;
    for (const part of this.parts) {
      if (typeof part !== 'number' && at < bytes.length && at + part.length > 0) {
        bytes.set(part.subarray(Math.max(0, -at), Math.max(0, bytes.length - at)), Math.max(0, at));
      }
      at += lengthOf(part);
    }
    return bytes;
  }
}

import assert from 'node:assert/strict';
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

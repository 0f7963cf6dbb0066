/** Few reads instead of many small ones. */

import type { ByteSource } from './byteSource';

/** Bytes read ahead. */
const windowLength = 1 << 16;

/** `source` for readers that go from one small field to the next; bytes in memory are given back as they are. */
export function buffered(source: ByteSource): ByteSource {
  return source instanceof Uint8Array ? source : new BufferedSource(source);
}

class BufferedSource implements ByteSource {
  readonly length: number;
  private window = new Uint8Array();
  private windowStart = 0;

  constructor(private readonly source: ByteSource) {
    this.length = source.length;
  }

  subarray(start: number, end: number): Uint8Array {
    const last = Math.min(end, this.length);
    if (last - start > windowLength) return this.source.subarray(start, last);
    if (start < this.windowStart || last > this.windowStart + this.window.length) {
      this.window = Uint8Array.from(this.source.subarray(start, start + windowLength));
      this.windowStart = start;
    }
    return this.window.subarray(start - this.windowStart, Math.max(0, last - this.windowStart));
  }
}

import type { ByteSource } from '../byteSource';

/** Bytes read at a time: few at a new place, and more as long as reading goes on from front to back. */
const smallest = 1 << 12;
const growth = 4;
const largest = 1 << 18;

/** The bytes around the place where a stream is read. A stream in memory is all there at once. */
export class StreamWindow {
  bytes: Uint8Array;
  view: DataView;
  /** Place of the first byte in the stream. */
  private start = 0;
  private size = smallest;

  constructor(private readonly source: ByteSource) {
    this.bytes = source instanceof Uint8Array ? source : new Uint8Array();
    this.view = viewOf(this.bytes);
  }

  /** Where in `bytes` and `view` the `count` bytes are that start at `place` of the stream, which has to have as many. */
  locate(place: number, count: number): number {
    const at = place - this.start;
    if (at >= 0 && at + count <= this.bytes.length) return at;
    this.moveTo(place, count);
    return 0;
  }

  private moveTo(place: number, count: number): void {
    const goesOn = this.bytes.length > 0 && place >= this.start && place <= this.start + this.bytes.length;
    this.size = goesOn ? Math.min(this.size * growth, largest) : smallest;
    this.bytes = this.source.subarray(place, place + Math.max(count, this.size));
    this.view = viewOf(this.bytes);
    this.start = place;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

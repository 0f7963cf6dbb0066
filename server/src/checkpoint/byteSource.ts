/** Bytes that are read by ranges, so that nobody needs the whole of a large file. */

/**
 * Bytes in memory (any `Uint8Array` is one) or in a file. What is read from a file throws whatever reading it throws;
 * readers do not catch it.
 */
export interface ByteSource {
  readonly length: number;
  /** The bytes from `start` to before `end`, cut off at the end of the source: a view or a copy, not to be changed. */
  subarray(start: number, end: number): Uint8Array;
}

/** The part of a source from `start` to before `end`, as a source of its own. */
export function section(source: ByteSource, start: number, end: number): ByteSource {
  return source instanceof Uint8Array ? source.subarray(start, end) : new Section(source, start, end - start);
}

/** All bytes of a source. */
export function wholeOf(source: ByteSource): Uint8Array {
  return source.subarray(0, source.length);
}

/** A part of a source. */
export class Section implements ByteSource {
  constructor(
    private readonly source: ByteSource,
    private readonly offset: number,
    readonly length: number,
  ) {}

  subarray(start: number, end: number): Uint8Array {
    const last = Math.min(end, this.length);
    return start < last ? this.source.subarray(this.offset + start, this.offset + last) : new Uint8Array();
  }
}

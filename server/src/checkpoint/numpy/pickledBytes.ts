import type { PickleValue } from '../pickle/values';
import { PickleObject } from '../pickle/values';

/** Byte strings of a pickled value: as they are in the stream, or as the text that protocol 2 makes of them. */
export class PickledBytes {
  /** What texts were turned into: many values may share a long one. */
  private readonly decoded = new Map<string, Uint8Array>();

  /** @param stream the bytes that the pickle was read from */
  constructor(readonly stream: Uint8Array) {}

  /** The bytes that `value` would become, or why they are not read. */
  of(value: PickleValue | undefined): Uint8Array | string {
    if (value instanceof Uint8Array) return value;
    if (value instanceof PickleObject && value.path === '_codecs.encode' && value.args[1] === 'latin1') {
      const [text] = value.args;
      if (typeof text === 'string') return this.decode(text);
    }
    // An empty byte string of protocol 2.
    if (value instanceof PickleObject && value.path?.endsWith('builtin__.bytes') && value.args.length === 0) {
      return new Uint8Array();
    }
    return typeof value === 'string'
      ? 'its numbers are written as a text of Python 2'
      : 'its numbers are not in the file, or are Python objects';
  }

  private decode(text: string): Uint8Array {
    const known = this.decoded.get(text);
    if (known !== undefined) return known;
    // Of its own memory, which tells it from a part of the stream.
    const bytes = Uint8Array.from(Buffer.from(text, 'latin1'));
    this.decoded.set(text, bytes);
    return bytes;
  }
}

import type { ByteSource } from '../byteSource';
import { CheckpointError } from '../checkpoint';
import { byteString } from '../pickle/arguments';
import { FarText } from '../pickle/far';
import type { PickleValue } from '../pickle/values';
import { isText, PickleObject } from '../pickle/values';

/** Byte strings of a pickled value: as they are in the stream, or as the text that protocol 2 makes of them. */
export class PickledBytes {
  /** What texts were turned into: many values may share a long one. */
  private readonly decoded = new Map<string, Uint8Array>();

  /**
   * @param stream what the pickle was read from
   * @param file names the file in errors
   */
  constructor(
    readonly stream: ByteSource,
    private readonly file: string,
  ) {}

  /**
   * The bytes that `value` would become, or why they are not read.
   *
   * @param size how many there should be. Of a long text it is not looked at whether there are, until they are read.
   *   Default: they are counted
   */
  of(value: PickleValue | undefined, size?: number): ByteSource | string {
    const held = byteString(value);
    if (held instanceof FarText) return this.decodeFar(held, size);
    if (typeof held === 'string') return this.decode(held);
    if (held !== undefined) return held;
    // An empty byte string of protocol 2.
    if (value instanceof PickleObject && value.path?.endsWith('builtin__.bytes') && value.args.length === 0) {
      return new Uint8Array();
    }
    return isText(value)
      ? 'its numbers are written as a text of Python 2'
      : 'its numbers are not in the file, or are Python objects';
  }

  private decodeFar(text: FarText, size: number | undefined): ByteSource | string {
    // Latin-1 takes a byte or two in UTF-8.
    if (size !== undefined && (size > text.length || text.length > 2 * size)) {
      return `it needs ${size} bytes where there is a text of ${text.length}`;
    }
    return size === undefined ? text.latin1 : this.sized(text.latin1, size);
  }

  /** The bytes that there should be. */
  private sized(bytes: ByteSource, size: number): ByteSource {
    return {
      length: size,
      subarray: (start, end) => {
        if (bytes.length === size) return bytes.subarray(start, end);
        const reason = `a tensor needs ${size} bytes where there is a text of ${bytes.length} characters`;
        throw new CheckpointError(this.file, reason);
      },
    };
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

/** Long operands of a stream that is read by ranges: where they are, and what they hold when it is asked for. */

import type { ByteSource } from '../byteSource';
import { Section, wholeOf } from '../byteSource';
import { limits } from '../limits';
import { Latin1Source } from './latin1Source';

/** Bytes that tell what a byte string or a text is; a character may take two of them. */
const bytesOfHead = 1 << 12;
const bytesOfTextHead = 2 * bytesOfHead;

/** Bytes of text that take as long to read as an opcode takes to follow. */
const bytesOfCost = 64;

/** What reading `bytes` takes, in opcodes. */
export function costOfReading(bytes: number): number {
  return Math.floor(bytes / bytesOfCost);
}

/** A byte string of the stream, not yet read. */
export class FarBytes extends Section {
  /** How it begins. */
  head(): Uint8Array {
    return this.subarray(0, bytesOfHead);
  }

  /** All of it, taken from `budget`; undefined where it is longer than texts that are read. */
  read(budget: { left: number }): Uint8Array | undefined {
    if (this.length > limits.pickleText) return undefined;
    budget.left -= costOfReading(this.length);
    return wholeOf(this);
  }
}

/** A text of the stream, not yet read. */
export class FarText {
  /** The bytes that it stands for where a protocol has no byte strings. */
  readonly latin1: ByteSource;

  /** @param encoded in UTF-8 */
  constructor(private readonly encoded: ByteSource) {
    this.latin1 = new Latin1Source(encoded);
  }

  /** In bytes of the stream. */
  get length(): number {
    return this.encoded.length;
  }

  /** How it begins: some thousand characters. */
  head(): string {
    return decode(this.encoded.subarray(0, bytesOfTextHead));
  }

  /** All of it, taken from `budget`; undefined where it is longer than texts that are read. */
  read(budget: { left: number }): string | undefined {
    if (this.length > limits.pickleText) return undefined;
    budget.left -= costOfReading(this.length);
    return decode(wholeOf(this.encoded));
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

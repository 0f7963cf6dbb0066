/** The byte strings and texts of a stream that are streams or archives themselves, as it is followed. */

import type { ByteSource } from '../byteSource';
import { limits } from '../limits';
import type { EmbeddedBytes } from './embedded';
import { embeddedForm, embeddedIn, looksLikeMarshal } from './embedded';
import { FarBytes, FarText } from './far';
import type { OperationBudget } from './sweep';
import type { ByteString, PickleValue, TextString } from './values';
import { isBytes, isText } from './values';

/** Bytes that tell compiled code. */
const marshalHead = 16;

/** Bytes of a text that take as long to go through, in search of bytes in it, as an opcode takes to follow. */
const bytesOfDecoding = 1 << 10;

/** What it takes, in opcodes, to look into bytes that are read for it. */
const costOfLooking = 64;

export class EmbeddedLog {
  readonly found: EmbeddedBytes[] = [];

  /** @param note takes what no honest pickle does */
  constructor(
    private readonly budget: OperationBudget,
    private readonly note: (reason: string) => void,
  ) {}

  /** Keeps what a literal of the opcode at `offset` holds, if it looks like something. */
  add(value: PickleValue, offset: number): void {
    const bytes = isText(value) || isBytes(value) ? this.contentOf(value) : undefined;
    if (bytes === undefined) return;
    this.found.push({ offset, bytes });
    if (looksLikeMarshal(bytes.subarray(0, marshalHead))) this.note('it holds compiled Python code (marshal)');
  }

  /** The same of what the opcode at `offset` unpickles itself, as Latin-1 where it is a text, whatever it looks like. */
  addUnpickled(value: TextString | ByteString, offset: number): void {
    const form = embeddedForm(headOf(value));
    // That was found where it stands in the stream.
    if (form === 'plain' || (form !== undefined && value.length <= limits.pickleText)) return;
    this.found.push({ offset, bytes: this.asBytes(value), isUnpickled: true });
  }

  private contentOf(value: TextString | ByteString): ByteSource | undefined {
    const form = embeddedForm(headOf(value));
    if (form === undefined) return undefined;
    if (form === 'plain') return this.asBytes(value);
    const read = this.read(value);
    return read === undefined ? undefined : embeddedIn(read);
  }

  /** A byte string as it is, and a text as the bytes that protocols without byte strings write so. */
  private asBytes(value: TextString | ByteString): ByteSource {
    if (typeof value === 'string') return Buffer.from(value, 'latin1');
    if (value instanceof Uint8Array) return value;
    this.budget.left -= costOfLooking;
    if (value instanceof FarBytes) return value;
    this.budget.left -= Math.floor(value.length / bytesOfDecoding);
    return value.latin1;
  }

  /** All of a value that is encoded; undefined, with a word, where that is too much. */
  private read(value: TextString | ByteString): string | Uint8Array | undefined {
    const isNear = typeof value === 'string' || value instanceof Uint8Array;
    if (isNear && value.length <= limits.pickleText) return value;
    const read = isNear ? undefined : value.read(this.budget);
    if (read !== undefined) return read;
    const count = value.length.toLocaleString('en-US');
    this.note(`it holds a pickle or an archive in an encoding of ${count} bytes, which is longer than is looked into`);
    return undefined;
  }
}

function headOf(value: TextString | ByteString): string | Uint8Array {
  return value instanceof FarText || value instanceof FarBytes ? value.head() : value;
}

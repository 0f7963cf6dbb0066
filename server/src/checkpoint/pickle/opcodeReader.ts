/** Cuts a pickle stream into opcodes and operands, within the bytes there are. */

import type { ByteSource } from '../byteSource';
import { section } from '../byteSource';
import { limits } from '../limits';
import { costOfReading, FarBytes, FarText } from './far';
import { PickleFault } from './fault';
import type { OperandKind } from './opcodes';
import { operandKinds } from './opcodes';
import { StreamWindow } from './streamWindow';

export type Operand =
  number | string | Uint8Array | FarBytes | FarText | readonly [module: string, name: string] | undefined;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const latin1 = new TextDecoder('latin1');
const newline = 0x0a;

/** Bytes of operands that are read with their opcode where a stream is read by ranges; longer ones stay where they are. */
const nearBytes = 1 << 12;
const nearText = limits.extraText;
/** Going there takes as long as so many opcodes. */
const costOfFar = 16;

/** Bytes that are searched for the end of a line, at first and at most at a time. */
const searchedFirst = 1 << 12;
const searchedNext = 1 << 18;

/** A cursor over a stream; `next` advances it by one opcode. Of a source that is read by ranges it reads little more. */
export class OpcodeReader {
  /** Where the current opcode starts. */
  offset: number;
  /** First byte after the current opcode and its operand. */
  position: number;
  operand: Operand;
  /** What reading the current opcode took, in opcodes: long texts count for more than one. */
  cost = 1;
  private readonly window: StreamWindow;
  private readonly isInMemory: boolean;
  private readonly longestText: number;

  constructor(
    private readonly source: ByteSource,
    start = 0,
  ) {
    this.offset = start;
    this.position = start;
    this.window = new StreamWindow(source);
    this.isInMemory = source instanceof Uint8Array;
    this.longestText = this.isInMemory ? limits.pickleText : nearText;
  }

  /** The next opcode's byte. Throws PickleFault at the end of the stream, an unknown opcode or a cut operand. */
  next(): number {
    this.offset = this.position;
    this.cost = 1;
    if (this.position >= this.source.length) throw new PickleFault('the stream ends without STOP');
    const at = this.window.locate(this.position, 1);
    const code = this.window.bytes[at];
    const kind = operandKinds[code];
    if (kind === undefined) throw new PickleFault(`0x${code.toString(16).padStart(2, '0')} is no opcode`);
    this.position++;
    this.operand = kind === 'none' ? undefined : this.read(kind);
    return code;
  }

  /** Moves on by `count` bytes that are no opcodes. Throws PickleFault where there are fewer. */
  skip(count: number): void {
    const left = this.source.length - this.position;
    if (!(count >= 0 && count <= left)) throw new PickleFault(`an operand of ${count} bytes has ${left} left`);
    this.position += count;
  }

  private read(kind: Exclude<OperandKind, 'none'>): Operand {
    switch (kind) {
      case 'uint8':
        return this.uint(1);
      case 'uint16':
        return this.uint(2);
      case 'int32':
        return this.int32();
      case 'uint32':
        return this.uint(4);
      case 'uint64':
        return this.uint64();
      case 'float64':
        return this.float64();
      case 'line':
        return this.line(utf8);
      case 'latin1Line':
        return this.line(latin1);
      case 'twoLines':
        return [this.line(utf8), this.line(utf8)];
      case 'text1':
      case 'string1':
        return this.text(this.uint(1));
      case 'text4':
        return this.text(this.uint(4));
      case 'string4':
        return this.text(this.int32());
      case 'text8':
        return this.text(this.uint64());
      case 'bytes1':
        return this.block(this.uint(1));
      case 'bytes4':
        return this.block(this.uint(4));
      case 'bytes8':
        return this.block(this.uint64());
    }
  }

  /** Moves past `count` bytes and gives where they are in the window. */
  private take(count: number): number {
    const start = this.position;
    this.skip(count);
    return this.window.locate(start, count);
  }

  /** An unsigned number of 1, 2 or 4 bytes. */
  private uint(size: 1 | 2 | 4): number {
    const at = this.take(size);
    const { bytes, view } = this.window;
    if (size === 1) return bytes[at];
    return size === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
  }

  private int32(): number {
    const at = this.take(4);
    return this.window.view.getInt32(at, true);
  }

  private uint64(): number {
    const at = this.take(8);
    return Number(this.window.view.getBigUint64(at, true));
  }

  private float64(): number {
    const at = this.take(8);
    return this.window.view.getFloat64(at, false);
  }

  private block(length: number): Uint8Array | FarBytes {
    const start = this.position;
    if (length > nearBytes && !this.isInMemory) {
      this.skip(length);
      this.cost += costOfFar;
      return new FarBytes(this.source, start, length);
    }
    const at = this.take(length);
    const { bytes } = this.window;
    // A copy does not keep the window in memory.
    return this.isInMemory ? bytes.subarray(at, at + length) : bytes.slice(at, at + length);
  }

  private text(length: number): string | FarText {
    if (length <= this.longestText) return this.decode(length, utf8);
    const start = this.position;
    this.skip(length);
    this.cost += costOfFar;
    return new FarText(section(this.source, start, start + length));
  }

  private decode(length: number, decoder: typeof utf8): string {
    const at = this.take(length);
    this.charge(length);
    return decoder.decode(this.window.bytes.subarray(at, at + length));
  }

  private line(decoder: typeof utf8): string {
    // A bound, so that streams tried at many places do not all search the rest of the file.
    const most = Math.min(this.position + limits.pickleText + 1, this.source.length);
    const end = this.newlineBefore(this.position, most);
    if (end >= 0) {
      const text = this.decode(end - this.position, decoder);
      this.position++;
      return text;
    }
    const isLong = most - this.position > limits.pickleText;
    this.charge(most - this.position);
    if (isLong) this.passLongLine(most);
    throw new PickleFault(isLong ? 'a line is longer than is read' : 'a line runs past the end of the stream', isLong);
  }

  /** Moves on behind a line that goes on at `start`, where it ends. */
  private passLongLine(start: number): void {
    const most = this.isInMemory ? this.source.length : Math.min(start + limits.streamBytes, this.source.length);
    const end = this.newlineBefore(start, most);
    if (end < 0) return;
    this.charge(end - start);
    this.position = end + 1;
  }

  /** Where the first newline is from `start` to before `end`, or -1. */
  private newlineBefore(start: number, end: number): number {
    let size = this.isInMemory ? end - start : searchedFirst;
    for (let at = start; at < end; at += size, size = searchedNext) {
      const found = this.source.subarray(at, Math.min(at + size, end)).indexOf(newline);
      if (found >= 0) return at + found;
    }
    return -1;
  }

  private charge(bytes: number): void {
    this.cost += costOfReading(bytes);
  }
}

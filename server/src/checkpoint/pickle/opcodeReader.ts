/** Cuts a pickle stream into opcodes and operands, within the bytes there are. */

import { limits } from '../limits';
import { PickleFault } from './fault';
import type { OperandKind } from './opcodes';
import { operandKinds } from './opcodes';

export type Operand = number | string | Uint8Array | readonly [module: string, name: string] | undefined;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const latin1 = new TextDecoder('latin1');
const newline = 0x0a;

/** Bytes of text that take as long to search and decode as an opcode takes to follow. */
const bytesOfCost = 64;

/** A cursor over a stream; `next` advances it by one opcode. */
export class OpcodeReader {
  /** Where the current opcode starts. */
  offset: number;
  /** First byte after the current opcode and its operand. */
  position: number;
  operand: Operand;
  /** What reading the current opcode took, in opcodes: long texts count for more than one. */
  cost = 1;
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    start = 0,
  ) {
    this.offset = start;
    this.position = start;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next opcode's byte. Throws PickleFault at the end of the stream, an unknown opcode or a cut operand. */
  next(): number {
    this.offset = this.position;
    this.cost = 1;
    if (this.position >= this.bytes.length) throw new PickleFault('the stream ends without STOP');
    const code = this.bytes[this.position];
    const kind = operandKinds[code];
    if (kind === undefined) throw new PickleFault(`0x${code.toString(16).padStart(2, '0')} is no opcode`);
    this.position++;
    this.operand = kind === 'none' ? undefined : this.read(kind);
    return code;
  }

  /** Moves on by `count` bytes that are no opcodes. Throws PickleFault where there are fewer. */
  skip(count: number): void {
    this.take(count);
  }

  private read(kind: Exclude<OperandKind, 'none'>): Operand {
    switch (kind) {
      case 'uint8':
        return this.bytes[this.take(1)];
      case 'uint16':
        return this.view.getUint16(this.take(2), true);
      case 'int32':
        return this.view.getInt32(this.take(4), true);
      case 'uint32':
        return this.view.getUint32(this.take(4), true);
      case 'uint64':
        return this.uint64();
      case 'float64':
        return this.view.getFloat64(this.take(8), false);
      case 'line':
        return this.line(utf8);
      case 'latin1Line':
        return this.line(latin1);
      case 'twoLines':
        return [this.line(utf8), this.line(utf8)];
      case 'text1':
      case 'string1':
        return this.text(this.bytes[this.take(1)]);
      case 'text4':
        return this.text(this.view.getUint32(this.take(4), true));
      case 'string4':
        return this.text(this.view.getInt32(this.take(4), true));
      case 'text8':
        return this.text(this.uint64());
      case 'bytes1':
        return this.block(this.bytes[this.take(1)]);
      case 'bytes4':
        return this.block(this.view.getUint32(this.take(4), true));
      case 'bytes8':
        return this.block(this.uint64());
    }
  }

  /** Moves past `count` bytes and gives the position of the first. */
  private take(count: number): number {
    const start = this.position;
    const left = this.bytes.length - start;
    if (!(count >= 0 && count <= left)) throw new PickleFault(`an operand of ${count} bytes has ${left} left`);
    this.position += count;
    return start;
  }

  private uint64(): number {
    return Number(this.view.getBigUint64(this.take(8), true));
  }

  private block(length: number): Uint8Array {
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }

  private text(length: number, decoder = utf8): string {
    if (length > limits.pickleText && length <= this.bytes.length) {
      this.skip(length);
      throw new PickleFault(`a text of ${length} bytes is longer than is read`, true);
    }
    const bytes = this.block(length);
    this.charge(length);
    return decoder.decode(bytes);
  }

  private line(decoder: typeof utf8): string {
    // A bound, so that streams tried at many places do not all search the rest of the file.
    const searched = this.bytes.subarray(this.position, this.position + limits.pickleText + 1);
    const length = searched.indexOf(newline);
    if (length < 0) {
      this.charge(searched.length);
      const isLong = searched.length > limits.pickleText;
      const end = isLong ? this.bytes.indexOf(newline, this.position) : -1;
      if (end >= 0) this.charge(end - this.position);
      if (end >= 0) this.position = end + 1;
      throw new PickleFault(
        isLong ? 'a line is longer than is read' : 'a line runs past the end of the stream',
        isLong,
      );
    }
    const text = this.text(length, decoder);
    this.position++;
    return text;
  }

  private charge(bytes: number): void {
    this.cost += Math.floor(bytes / bytesOfCost);
  }
}

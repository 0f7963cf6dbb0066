/** The wire format of protocol buffers (https://protobuf.dev/programming-guides/encoding): fields, without a schema. */

import type { ByteSource } from '../byteSource';

export const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

export interface Field {
  readonly number: number;
  readonly type: number;
  /** First byte of the field, with its tag. */
  readonly start: number;
  /** First byte of the value: of `bytes`, behind their length. */
  readonly from: number;
  /** First byte behind the value. */
  readonly end: number;
}

/** Why a message cannot be read. Stays inside this room: readers turn it into their own errors. */
export class WireFault extends Error {
  constructor(
    readonly reason: string,
    readonly offset: number,
  ) {
    super(reason);
    this.name = 'WireFault';
  }
}

/** How many fields may still be read, over all messages of a file. */
export interface FieldBudget {
  left: number;
}

const longestVarint = 10;

/** The fields of the message from `start` to before `end`, in order. Throws WireFault where one is damaged or cut off. */
export function* fieldsOf(source: ByteSource, start: number, end: number, budget: FieldBudget): Generator<Field, void> {
  for (let at = start; at < end;) {
    if (budget.left-- <= 0) throw new WireFault('it has more fields than are read', at);
    const tag = readVarint(source, at, end);
    const type = Number(tag.value & 7n);
    const number = Number(tag.value >> 3n);
    if (number === 0 || number > 0x1fffffff) throw new WireFault('a field has no number', at);
    const field = fieldEnd(source, type, tag.end, end);
    if (!(field.end <= end)) throw new WireFault('a field runs past the end of its message', at);
    yield { number, type, start: at, ...field };
    at = field.end;
  }
}

function fieldEnd(source: ByteSource, type: number, at: number, end: number): { from: number; end: number } {
  switch (type) {
    case wire.varint:
      return { from: at, end: readVarint(source, at, end).end };
    case wire.fixed64:
      return { from: at, end: at + 8 };
    case wire.fixed32:
      return { from: at, end: at + 4 };
    case wire.bytes: {
      const length = readVarint(source, at, end);
      return { from: length.end, end: length.end + Number(length.value) };
    }
    default:
      throw new WireFault(`wire type ${type} is not read`, at);
  }
}

/** A number of 7 bits a byte, the lowest first, of at most 64 bits; negative numbers come as their two's complement. */
export function readVarint(source: ByteSource, start: number, end: number): { value: bigint; end: number } {
  const bytes = source.subarray(start, Math.min(start + longestVarint, end));
  let value = 0n;
  for (let i = 0; i < bytes.length; i++) {
    value |= BigInt(bytes[i] & 0x7f) << BigInt(7 * i);
    if (bytes[i] < 0x80) return { value: BigInt.asUintN(64, value), end: start + i + 1 };
  }
  throw new WireFault('a number does not end', start);
}

/** `value`, a whole number from 0, as a varint. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  return Uint8Array.of(...bytes, value);
}

/** A field of bytes: tag, length, content. */
export function bytesField(number: number, content: Uint8Array): Uint8Array {
  return Buffer.concat([varint(number * 8 + wire.bytes), varint(content.length), content]);
}

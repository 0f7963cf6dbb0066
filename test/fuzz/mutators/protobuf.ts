/** Mutations of protocol buffers, field by field, with true lengths around them. */

import type { Rng } from '../../../server/src/graph/rng';
import { bytesMutator, hardIntegers } from './bytes';
import type { MutationContext, Mutator } from './mutator';
import { oneOf } from './mutator';

interface WireField {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes. */
  readonly type: number;
  readonly value: bigint | Uint8Array;
}

const words = [
  'raw',
  'location',
  'offset',
  'length',
  '../x',
  '/x',
  'x.data',
  'external.onnx.data',
  '__proto__',
  'weight',
];

/** How deep messages are taken for messages, not for bytes. */
const deepest = 6;

const structured: Mutator = (input, context) => {
  let bytes = input;
  for (let left = 1 + context.rng.weighted([5, 3, 2]); left > 0; left--) bytes = changedMessage(bytes, context, 0);
  return bytes;
};

export const protobufMutator: Mutator = oneOf([5, structured], [1, bytesMutator(words)]);

function changedMessage(bytes: Uint8Array, context: MutationContext, depth: number): Uint8Array {
  const { rng, other } = context;
  const fields = fieldsOf(bytes);
  if (fields === undefined || depth > deepest) return bytesMutator(words)(bytes, context);
  const at = rng.integer(fields.length + 1);
  const field = fields[at];
  switch (field === undefined ? 1 : rng.weighted([10, 1, 1, 1, 2])) {
    case 0:
      fields[at] = { ...field, value: changedValue(field.value, context, depth) };
      break;
    case 1:
      fields.splice(at, 0, randomField(rng));
      break;
    case 2:
      fields.splice(at, 1);
      break;
    case 3:
      fields.splice(rng.integer(fields.length), 0, field);
      break;
    default: {
      // A field of another file, from the same depth.
      const taken = atDepth(other(), depth, rng);
      if (taken === undefined) fields[at] = { ...field, number: 1 + rng.integer(40) };
      else fields.splice(at, rng.integer(2), taken);
    }
  }
  return encoded(fields);
}

function changedValue(value: bigint | Uint8Array, context: MutationContext, depth: number): bigint | Uint8Array {
  const { rng } = context;
  if (typeof value !== 'bigint') {
    const isMessage = value.length > 0 && fieldsOf(value) !== undefined && rng.integer(6) > 0;
    return isMessage ? changedMessage(value, context, depth + 1) : bytesMutator(words)(value, context);
  }
  return BigInt.asUintN(64, rng.integer(2) === 0 ? value + BigInt(rng.integer(9) - 4) : rng.pick(hardIntegers));
}

function randomField(rng: Rng): WireField {
  const number = 1 + rng.integer(25);
  return rng.integer(2) === 0
    ? { number, type: 0, value: rng.pick(hardIntegers) }
    : { number, type: 2, value: Buffer.from(rng.pick(words)) };
}

function atDepth(bytes: Uint8Array, depth: number, rng: Rng): WireField | undefined {
  let message = bytes;
  for (let level = 0; ; level++) {
    const fields = fieldsOf(message);
    if (fields === undefined || fields.length === 0) return undefined;
    const field = rng.pick(fields);
    if (level === depth || typeof field.value === 'bigint') return field;
    message = field.value;
  }
}

/** The fields of a message, or undefined where these bytes are none. */
function fieldsOf(bytes: Uint8Array): WireField[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint | undefined => {
    let value = 0n;
    for (let shift = 0n; shift < 64n && at < bytes.length; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    return undefined;
  };
  while (at < bytes.length) {
    const key = varint();
    if (key === undefined) return undefined;
    const type = Number(key & 7n);
    const number = Number(key >> 3n);
    let value: bigint | Uint8Array | undefined;
    if (type === 0) value = varint();
    else if (type === 1 && at + 8 <= bytes.length) value = view.getBigUint64((at += 8) - 8, true);
    else if (type === 5 && at + 4 <= bytes.length) value = BigInt(view.getUint32((at += 4) - 4, true));
    else if (type === 2) {
      const length = Number(varint() ?? Infinity);
      if (at + length <= bytes.length) value = bytes.subarray(at, (at += length));
    }
    if (value === undefined || number === 0) return undefined;
    fields.push({ number, type, value });
  }
  return fields;
}

function encoded(fields: readonly WireField[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap(({ number, type, value }) => {
      const key = varintBytes((BigInt(number) << 3n) | BigInt(type));
      if (typeof value !== 'bigint') return [key, varintBytes(BigInt(value.length)), value];
      if (type === 0) return [key, varintBytes(value)];
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(value);
      return [key, bytes.subarray(0, type === 1 ? 8 : 4)];
    }),
  );
}

function varintBytes(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Uint8Array.of(...bytes, Number(left));
}

/** TensorProto: what a tensor is called, its type and shape, and where its numbers are. */

import type { ByteSource } from '../byteSource';
import type { DType } from '../checkpoint';
import { elementSize } from '../dtypes';
import { limits } from '../limits';
import { entryField, tensorField } from './schema';
import type { Field, FieldBudget } from './wire';
import { fieldsOf, readVarint, wire, WireFault } from './wire';

/** Element types by their number in the format. */
const dtypes: Readonly<Record<number, DType>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  16: 'bfloat16',
};
const unreadTypes: Readonly<Record<number, string>> = {
  4: 'uint16',
  8: 'text',
  12: 'uint32',
  13: 'uint64',
  14: 'complex64',
  15: 'complex128',
};

/** A file beside the model that holds a tensor's numbers. */
export interface ExternalData {
  readonly location: string;
  /** The field in the model that says so. */
  readonly locationField: Field;
  readonly offset: number;
  /** Bytes; all that follow where it is not said. */
  readonly length?: number;
}

export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Undefined where it is not read: `typeName` says what it is. */
  readonly dtype?: DType;
  readonly typeName: string;
  /** Bytes in the model that are the elements as they are, little-endian: `raw_data`. */
  readonly raw?: Field;
  /** Fields of the element type's own list, such as `float_data`: packed ones and single values, in order. */
  readonly listed: readonly Field[];
  readonly external?: ExternalData;
}

/** Reads the message from `start` to before `end`, but not its numbers. Throws WireFault. */
export function readTensor(source: ByteSource, start: number, end: number, budget: FieldBudget): OnnxTensor {
  const shape: number[] = [];
  const lists = new Map<number, Field[]>();
  const external = new Map<string, { value: string; field: Field }>();
  let type = 0;
  let name = '';
  let raw: Field | undefined;
  let isExternal = false;
  let isSegment = false;
  for (const field of fieldsOf(source, start, end, budget)) {
    switch (field.number) {
      case tensorField.dims:
        shape.push(...wholeNumbers(source, field));
        if (shape.length > limits.tensorDimensions) throw new WireFault('it has too many dimensions', field.start);
        break;
      case tensorField.dataType:
        type = wholeNumber(source, field);
        break;
      case tensorField.segment:
        isSegment = true;
        break;
      case tensorField.name:
        name = textOf(source, field);
        break;
      case tensorField.rawData:
        raw = field;
        break;
      case tensorField.dataLocation:
        isExternal = wholeNumber(source, field) === 1;
        break;
      case tensorField.externalData: {
        const entry = readEntry(source, field, budget);
        if (entry.field !== undefined) external.set(entry.key, { value: entry.value, field: entry.field });
        break;
      }
      default: {
        const list = lists.get(field.number);
        if (list === undefined) lists.set(field.number, [field]);
        else list.push(field);
      }
    }
  }
  const dtype = !isSegment && Object.hasOwn(dtypes, type) ? dtypes[type] : undefined;
  return {
    name,
    shape,
    dtype,
    typeName: isSegment ? 'a segment' : (dtype ?? (Object.hasOwn(unreadTypes, type) ? unreadTypes[type] : `${type}`)),
    raw,
    listed: dtype === undefined ? [] : (lists.get(listOf(dtype)) ?? []),
    external: isExternal ? externalData(external, start) : undefined,
  };
}

/** A StringStringEntryProto, and the field that holds its value. */
export function readEntry(
  source: ByteSource,
  { from, end }: Field,
  budget: FieldBudget,
): { key: string; value: string; field?: Field } {
  let key = '';
  let value = '';
  let valueField: Field | undefined;
  for (const field of fieldsOf(source, from, end, budget)) {
    if (field.number === entryField.key) key = textOf(source, field);
    if (field.number !== entryField.value) continue;
    value = textOf(source, field);
    valueField = field;
  }
  return { key, value, field: valueField };
}

function externalData(entries: ReadonlyMap<string, { value: string; field: Field }>, at: number): ExternalData {
  const location = entries.get('location');
  if (location === undefined) throw new WireFault('its numbers are in another file, which is not named', at);
  const count = (key: string): number | undefined => {
    const text = entries.get(key)?.value;
    if (text === undefined) return undefined;
    if (!/^\d{1,15}$/.test(text)) throw new WireFault(`the ${key} of its numbers is no whole number`, at);
    return Number(text);
  };
  const offset = count('offset') ?? 0;
  return { location: location.value, locationField: location.field, offset, length: count('length') };
}

/** Number of the field that lists elements of a type one by one. */
function listOf(dtype: DType): number {
  if (dtype === 'float32') return tensorField.floatData;
  if (dtype === 'float64') return tensorField.doubleData;
  return dtype === 'int64' ? tensorField.int64Data : tensorField.int32Data;
}

/** Whether the list of a type holds its elements as they are; all others are varints. */
export function isListedRaw(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

/**
 * The elements listed in `fields` as little-endian bytes. Throws WireFault where there are not `count`.
 *
 * Types of 2 bytes are listed as the number their bits make.
 */
export function decodeListed(source: ByteSource, fields: readonly Field[], dtype: DType, count: number): Uint8Array {
  const size = elementSize[dtype];
  const bytes = new Uint8Array(count * size);
  let at = 0;
  const wrongCount = (field: Field) => new WireFault(`it does not list ${count} numbers`, field.start);
  for (const field of fields) {
    if (isListedRaw(dtype)) {
      if (at + field.end - field.from > bytes.length) throw wrongCount(field);
      bytes.set(source.subarray(field.from, field.end), at);
      at += field.end - field.from;
      continue;
    }
    const packed = source.subarray(field.from, field.end);
    for (let from = 0; from < packed.length;) {
      const { value, end } = readVarint(packed, from, packed.length);
      if (at + size > bytes.length) throw wrongCount(field);
      for (let i = 0; i < size; i++) bytes[at++] = Number((value >> BigInt(8 * i)) & 0xffn);
      from = end;
    }
  }
  if (at !== bytes.length) throw new WireFault(`it lists ${at / size} numbers instead of ${count}`, fields[0].start);
  return bytes;
}

/** Text of a field. Throws WireFault where it is none. */
export function textOf(source: ByteSource, { type, from, end }: Field): string {
  if (type !== wire.bytes) throw new WireFault('a text is written as a number', from);
  if (end - from > limits.extraText) throw new WireFault('a text is longer than is read', from);
  return new TextDecoder().decode(source.subarray(from, end));
}

/** A whole number from 0. Throws WireFault where the field holds something else. */
export function wholeNumber(source: ByteSource, field: Field): number {
  const [value] = field.type === wire.varint ? wholeNumbers(source, field) : [];
  if (value === undefined) throw new WireFault('a number is written as something else', field.from);
  return value;
}

/** Whole numbers from 0 of a repeated field: a single one, or packed. */
function wholeNumbers(source: ByteSource, { type, from, end }: Field): number[] {
  if (type !== wire.varint && type !== wire.bytes) throw new WireFault('a number is written as something else', from);
  if (end - from > limits.extraText) throw new WireFault('it lists more numbers than are read', from);
  const values: number[] = [];
  for (let at = from; at < end;) {
    const { value, end: next } = readVarint(source, at, end);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new WireFault('a number is negative or too large', at);
    values.push(Number(value));
    at = next;
  }
  return values;
}

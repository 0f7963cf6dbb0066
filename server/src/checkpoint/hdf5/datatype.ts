/** Datatype messages: the element types of datasets and attributes. */

import type { DType } from '../checkpoint';
import type { Cursor } from './cursor';

export type Datatype =
  | { readonly kind: 'number'; readonly dtype: DType; readonly littleEndian: boolean; readonly size: number }
  /** Texts of `size` bytes each. */
  | { readonly kind: 'text'; readonly size: number }
  /** Texts in the global heap. */
  | { readonly kind: 'heapText'; readonly size: number }
  | { readonly kind: 'other'; readonly description: string; readonly size: number };

const classes: Readonly<Record<number, string>> = {
  2: 'times',
  3: 'texts',
  4: 'bit fields',
  5: 'raw bytes',
  6: 'records of several fields',
  7: 'references',
  9: 'lists of different lengths',
  10: 'arrays',
  11: 'complex numbers',
};
const classOf = { integer: 0, float: 1, text: 3, enumeration: 8, variable: 9 } as const;

/** Reads a datatype; the cursor is left somewhere inside it. */
export function readDatatype(cursor: Cursor): Datatype {
  const first = cursor.uint8();
  const flags = cursor.uint(3);
  const size = cursor.uint32();
  const other = (description: string): Datatype => ({ kind: 'other', description, size });
  switch (first & 0x0f) {
    case classOf.integer:
      return readInteger(cursor, flags, size) ?? other(`integers of ${8 * size} bits`);
    case classOf.float:
      return readFloat(cursor, flags, size) ?? other(`floating-point numbers of ${8 * size} bits`);
    case classOf.text:
      return { kind: 'text', size };
    case classOf.enumeration: {
      // h5py writes NumPy's bool as an enumeration of FALSE and TRUE.
      const base = readDatatype(cursor);
      const isBool = base.kind === 'number' && base.size === 1 && (flags & 0xffff) === 2 && cursor.text(5) === 'FALSE';
      return isBool ? { ...base, dtype: 'bool' } : other('names of an enumeration');
    }
    case classOf.variable:
      return (flags & 0x0f) === 1 ? { kind: 'heapText', size } : other(classes[9]);
    default:
      return other(classes[first & 0x0f] ?? 'of an unknown kind');
  }
}

const signed: Readonly<Record<number, DType>> = { 1: 'int8', 2: 'int16', 4: 'int32', 8: 'int64' };

function readInteger(cursor: Cursor, flags: number, size: number): Datatype | undefined {
  const isSigned = (flags & 8) !== 0;
  const dtype = isSigned ? signed[size] : size === 1 ? 'uint8' : undefined;
  const isWhole = cursor.uint16() === 0 && cursor.uint16() === 8 * size;
  if (dtype === undefined || !isWhole) return undefined;
  return { kind: 'number', dtype, littleEndian: (flags & 1) === 0, size };
}

/** Layout of floating-point types: bytes, bits of exponent and mantissa. */
const floats: readonly (readonly [DType, size: number, exponent: number, mantissa: number])[] = [
  ['float64', 8, 11, 52],
  ['float32', 4, 8, 23],
  ['float16', 2, 5, 10],
  ['bfloat16', 2, 8, 7],
];

function readFloat(cursor: Cursor, flags: number, size: number): Datatype | undefined {
  const isWhole = cursor.uint16() === 0 && cursor.uint16() === 8 * size;
  cursor.skip(1);
  const exponent = cursor.uint8();
  cursor.skip(1);
  const mantissa = cursor.uint8();
  const found = floats.find((one) => one[1] === size && one[2] === exponent && one[3] === mantissa);
  // Bit 6 alone would be the order of the VAX.
  if (found === undefined || !isWhole || (flags & 0x40) !== 0) return undefined;
  return { kind: 'number', dtype: found[0], littleEndian: (flags & 1) === 0, size };
}

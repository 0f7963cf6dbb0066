/** NumPy's element types by their array-protocol strings, such as `<f4`. */

import type { DType } from '../checkpoint';
import type { PythonLiteral } from './pythonLiteral';

/** An element type that is read. */
export interface ElementType {
  readonly dtype: DType;
  readonly littleEndian: boolean;
}

const dtypes: Readonly<Record<string, DType>> = {
  f8: 'float64',
  f4: 'float32',
  f2: 'float16',
  i8: 'int64',
  i4: 'int32',
  i2: 'int16',
  i1: 'int8',
  u1: 'uint8',
  b1: 'bool',
};

const unreadKinds: Readonly<Record<string, string>> = {
  O: 'Python objects',
  S: 'byte strings',
  a: 'byte strings',
  U: 'texts',
  V: 'raw bytes',
  c: 'complex numbers',
  u: 'unsigned integers of more than 8 bits',
  f: 'floating-point numbers of more than 64 bits',
  g: 'floating-point numbers of more than 64 bits',
  M: 'dates',
  m: 'time spans',
};

/** The element type `descr` stands for, or why it is not read. */
export function elementType(descr: PythonLiteral): ElementType | string {
  if (typeof descr !== 'string') return 'its elements are records of several fields';
  const [, order, code] = /^([<>|=]?)(.*)$/.exec(descr) ?? [];
  if (Object.hasOwn(dtypes, code)) return { dtype: dtypes[code], littleEndian: order !== '>' };
  const kind = code.charAt(0);
  if (Object.hasOwn(unreadKinds, kind)) return `its elements are ${unreadKinds[kind]} (${descr})`;
  return `its element type ${JSON.stringify(descr.slice(0, 40))} is not read`;
}

/**
 * Whether the elements are Python objects, which are stored as a pickle, or records with such a field: a list of names and
 * types. A type with a shape is a tuple that starts with the type (`descr_to_dtype` in numpy/lib/_format_impl.py).
 */
export function holdsObjects(descr: PythonLiteral): boolean {
  if (typeof descr === 'string') return /^[<>|=]?O/.test(descr);
  if (!isSequence(descr)) return false;
  const isRecord = descr.every(isSequence);
  return isRecord ? descr.some(([, type]) => type !== undefined && holdsObjects(type)) : holdsObjects(descr[0]);
}

function isSequence(value: PythonLiteral): value is readonly PythonLiteral[] {
  return Array.isArray(value);
}

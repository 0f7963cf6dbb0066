/** Names PyTorch's pickles use for element types, storages and the functions that rebuild tensors. */

import type { DType } from '../checkpoint';
import { elementSize } from '../dtypes';

/** Storage classes by name. PyTorch takes them from any module (`find_class` in torch/serialization.py). */
const storageTypes: Readonly<Record<string, DType>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  /** Its size counts bytes. */
  UntypedStorage: 'uint8',
};

const dtypes: Readonly<Record<string, DType>> = {
  float64: 'float64',
  double: 'float64',
  float32: 'float32',
  float: 'float32',
  float16: 'float16',
  half: 'float16',
  bfloat16: 'bfloat16',
  int64: 'int64',
  long: 'int64',
  int32: 'int32',
  int: 'int32',
  int16: 'int16',
  short: 'int16',
  int8: 'int8',
  uint8: 'uint8',
  bool: 'bool',
};

/** Element type of the storage class `name`, or undefined for those that are not read (complex, quantised, ...). */
export function storageDType(name: string): DType | undefined {
  return Object.hasOwn(storageTypes, name) ? storageTypes[name] : undefined;
}

/** Bytes of an element in storages that are not read; where they end has to be known all the same. */
const unreadSizes: Readonly<Record<string, number>> = {
  ComplexFloatStorage: 8,
  ComplexDoubleStorage: 16,
  QInt8Storage: 1,
  QUInt8Storage: 1,
  QUInt4x2Storage: 1,
  QUInt2x4Storage: 1,
  QInt32Storage: 4,
};

/** Bytes of an element in a storage of the class `name`, or undefined for classes that are not known. */
export function storageElementSize(name: string): number | undefined {
  const dtype = storageDType(name);
  if (dtype !== undefined) return elementSize[dtype];
  return Object.hasOwn(unreadSizes, name) ? unreadSizes[name] : undefined;
}

/** Element type that `torch.<name>` stands for, or undefined. */
export function torchDType(name: string): DType | undefined {
  return Object.hasOwn(dtypes, name) ? dtypes[name] : undefined;
}

/** Storage class of an element type. */
export function storageClass(dtype: DType): string {
  const found = Object.entries(storageTypes).find(([, type]) => type === dtype);
  if (found === undefined) throw new RangeError(`no storage class for ${dtype}`);
  return found[0];
}

/** Element types: sizes, and numbers from and to bytes. */

import type { DType } from './checkpoint';

/** Bytes of one element. */
export const elementSize: Readonly<Record<DType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** Smallest and largest value of the integer types; int64 as far as numbers are exact. */
const integerRange: Readonly<Partial<Record<DType, readonly [number, number]>>> = {
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int8: [-128, 127],
  uint8: [0, 255],
  bool: [0, 1],
};

/** The element at byte `offset`. */
export function readElement(view: DataView, offset: number, dtype: DType, littleEndian: boolean): number {
  switch (dtype) {
    case 'float64':
      return view.getFloat64(offset, littleEndian);
    case 'float32':
      return view.getFloat32(offset, littleEndian);
    case 'float16':
      return fromFloat16(view.getUint16(offset, littleEndian));
    case 'bfloat16':
      return fromBfloat16(view.getUint16(offset, littleEndian));
    case 'int64':
      return Number(view.getBigInt64(offset, littleEndian));
    case 'int32':
      return view.getInt32(offset, littleEndian);
    case 'int16':
      return view.getInt16(offset, littleEndian);
    case 'int8':
      return view.getInt8(offset);
    case 'uint8':
      return view.getUint8(offset);
    case 'bool':
      return view.getUint8(offset) === 0 ? 0 : 1;
  }
}

/** Writes an element at byte `offset`, rounded to nearest even. Check values with `misfit` first. */
export function writeElement(view: DataView, offset: number, dtype: DType, littleEndian: boolean, value: number): void {
  switch (dtype) {
    case 'float64':
      return view.setFloat64(offset, value, littleEndian);
    case 'float32':
      return view.setFloat32(offset, value, littleEndian);
    case 'float16':
      return view.setUint16(offset, toFloat16(value), littleEndian);
    case 'bfloat16':
      return view.setUint16(offset, toBfloat16(value), littleEndian);
    case 'int64':
      return view.setBigInt64(offset, BigInt(value), littleEndian);
    case 'int32':
      return view.setInt32(offset, value, littleEndian);
    case 'int16':
      return view.setInt16(offset, value, littleEndian);
    case 'int8':
      return view.setInt8(offset, value);
    case 'uint8':
    case 'bool':
      return view.setUint8(offset, value);
  }
}

/** `values` as little-endian bytes. */
export function encodeElements(values: ArrayLike<number>, dtype: DType): Uint8Array {
  const size = elementSize[dtype];
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) writeElement(view, i * size, dtype, true, values[i]);
  return bytes;
}

/** The first of `values` that `dtype` cannot hold: a fraction in an integer type, a finite value that would become infinite. */
export function misfit(values: ArrayLike<number>, dtype: DType): number | undefined {
  const range = integerRange[dtype];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const fits = range
      ? Number.isInteger(value) && value >= range[0] && value <= range[1]
      : !Number.isFinite(value) || Number.isFinite(roundTo(dtype, value));
    if (!fits) return value;
  }
  return undefined;
}

function roundTo(dtype: DType, value: number): number {
  if (dtype === 'float16') return fromFloat16(toFloat16(value));
  if (dtype === 'bfloat16') return fromBfloat16(toBfloat16(value));
  return dtype === 'float32' ? Math.fround(value) : value;
}

const scratch = new DataView(new ArrayBuffer(4));

/** Value of a bfloat16: the upper half of a float32. */
function fromBfloat16(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}

/** Rounds through float32, as PyTorch does. */
function toBfloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 mantissa bits. */
function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 0x1f) return mantissa === 0 ? sign * Infinity : NaN;
  return sign * (1024 + mantissa) * 2 ** (exponent - 25);
}

/** Rounds through float32, as PyTorch does. */
function toFloat16(value: number): number {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return 0x7e00;
  const sign = single < 0 || Object.is(single, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(single);
  if (magnitude >= 65520) return sign | 0x7c00;
  // One unit in the last place: 2^-24 for subnormals, else by the exponent.
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude)));
  const unit = 2 ** (exponent - 10);
  const steps = roundHalfEven(magnitude / unit);
  // Steps that round up to 2048 carry into the exponent by themselves.
  return sign | (exponent === -14 ? steps : ((exponent + 14) << 10) + steps);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest === 0.5) return floor + (floor % 2);
  return rest < 0.5 ? floor : floor + 1;
}

/**
 * Operations on float32 values one by one. What they do is chosen once a call and a row, so that the loops hold nothing
 * but the operation; `engine/elementwiseKernels.ts` has the same codes.
 */
import { exp4, log4 } from './exponential';
import { f32Bytes } from './vector';

const add: i32 = 0;
const subtract: i32 = 1;
const multiply: i32 = 2;
const divide: i32 = 3;
const minimum: i32 = 4;
const maximum: i32 = 5;
/** With the operands exchanged. */
const subtractFrom: i32 = 6;
const divideInto: i32 = 7;

/** Bytes of four float32 lanes. */
const laneBytes: i32 = 16;

/** c = a op b for the elements `begin` to `end`; c may be a. */
export function combine(operation: i32, a: usize, b: usize, c: usize, begin: i32, end: i32): void {
  const offset = begin * f32Bytes;
  combineSpan(operation, a + offset, b + offset, c + offset, (end - begin) * f32Bytes);
}

/** c = a op b for the elements `begin` to `end` and a single number b. */
export function combineScalar(operation: i32, a: usize, b: usize, c: usize, begin: i32, end: i32): void {
  const offset = begin * f32Bytes;
  combineSpanScalar(operation, a + offset, load<f32>(b), c + offset, (end - begin) * f32Bytes);
}

/** c = a op b for the rows `begin` to `end`: a and c `[rows, columns]`, b `[columns]`. */
export function combineRow(operation: i32, a: usize, b: usize, c: usize, columns: i32, begin: i32, end: i32): void {
  const bytes = columns * f32Bytes;
  for (let row = begin; row < end; row++) combineSpan(operation, a + row * bytes, b, c + row * bytes, bytes);
}

/** c = a op b for the rows `begin` to `end`: a and c `[rows, columns]`, b `[rows, 1]`. */
export function combineColumn(operation: i32, a: usize, b: usize, c: usize, columns: i32, begin: i32, end: i32): void {
  const bytes = columns * f32Bytes;
  for (let row = begin; row < end; row++) {
    combineSpanScalar(operation, a + row * bytes, load<f32>(b + row * f32Bytes), c + row * bytes, bytes);
  }
}

function combineSpan(operation: i32, a: usize, b: usize, c: usize, bytes: i32): void {
  const whole = bytes & ~(laneBytes - 1);
  switch (operation) {
    case add:
      for (let i = 0; i < whole; i += laneBytes) v128.store(c + i, f32x4.add(v128.load(a + i), v128.load(b + i)));
      break;
    case subtract:
      for (let i = 0; i < whole; i += laneBytes) v128.store(c + i, f32x4.sub(v128.load(a + i), v128.load(b + i)));
      break;
    case multiply:
      for (let i = 0; i < whole; i += laneBytes) v128.store(c + i, f32x4.mul(v128.load(a + i), v128.load(b + i)));
      break;
    default:
      for (let i = 0; i < whole; i += laneBytes) {
        v128.store(c + i, combined(operation, v128.load(a + i), v128.load(b + i)));
      }
  }
  for (let i = whole; i < bytes; i += f32Bytes) {
    const result = combined(operation, v128.load32_splat(a + i), v128.load32_splat(b + i));
    store<f32>(c + i, f32x4.extract_lane(result, 0));
  }
}

function combineSpanScalar(operation: i32, a: usize, scalar: f32, c: usize, bytes: i32): void {
  const whole = bytes & ~(laneBytes - 1);
  const b = f32x4.splat(scalar);
  switch (operation) {
    case add:
      for (let i = 0; i < whole; i += laneBytes) v128.store(c + i, f32x4.add(v128.load(a + i), b));
      break;
    case subtract:
      for (let i = 0; i < whole; i += laneBytes) v128.store(c + i, f32x4.sub(v128.load(a + i), b));
      break;
    case multiply:
      for (let i = 0; i < whole; i += laneBytes) v128.store(c + i, f32x4.mul(v128.load(a + i), b));
      break;
    default:
      for (let i = 0; i < whole; i += laneBytes) v128.store(c + i, combined(operation, v128.load(a + i), b));
  }
  for (let i = whole; i < bytes; i += f32Bytes) {
    store<f32>(c + i, f32x4.extract_lane(combined(operation, v128.load32_splat(a + i), b), 0));
  }
}

function combined(operation: i32, a: v128, b: v128): v128 {
  switch (operation) {
    case add:
      return f32x4.add(a, b);
    case subtract:
      return f32x4.sub(a, b);
    case multiply:
      return f32x4.mul(a, b);
    case divide:
      return f32x4.div(a, b);
    case minimum:
      return f32x4.min(a, b);
    case maximum:
      return f32x4.max(a, b);
    case subtractFrom:
      return f32x4.sub(b, a);
    case divideInto:
      return f32x4.div(b, a);
    default:
      return a;
  }
}

const negate: i32 = 0;
const relu: i32 = 1;
const step: i32 = 2;
const absolute: i32 = 3;
const square: i32 = 4;
const squareRoot: i32 = 5;
const inverseRoot: i32 = 6;
const reciprocal: i32 = 7;
const exponential: i32 = 8;
const logarithm: i32 = 9;

/**
 * y = op(x) for the elements `begin` to `end`.
 *
 * @param slope what `step` gives for numbers that are not positive; the others ignore it
 */
export function map(operation: i32, x: usize, y: usize, slope: f32, begin: i32, end: i32): void {
  const first = begin * f32Bytes;
  const last = end * f32Bytes;
  const whole = first + ((last - first) & ~(laneBytes - 1));
  switch (operation) {
    case negate:
      for (let i = first; i < whole; i += laneBytes) v128.store(y + i, f32x4.neg(v128.load(x + i)));
      break;
    case relu:
      for (let i = first; i < whole; i += laneBytes) v128.store(y + i, f32x4.max(v128.load(x + i), f32x4.splat(0)));
      break;
    case step:
      for (let i = first; i < whole; i += laneBytes) v128.store(y + i, stepped(v128.load(x + i), slope));
      break;
    case square:
      for (let i = first; i < whole; i += laneBytes) v128.store(y + i, f32x4.mul(v128.load(x + i), v128.load(x + i)));
      break;
    default:
      for (let i = first; i < whole; i += laneBytes) v128.store(y + i, mapped(operation, v128.load(x + i), slope));
  }
  for (let i = whole; i < last; i += f32Bytes) {
    store<f32>(y + i, f32x4.extract_lane(mapped(operation, v128.load32_splat(x + i), slope), 0));
  }
}

function stepped(x: v128, slope: f32): v128 {
  const result = v128.bitselect(f32x4.splat(1), f32x4.splat(slope), f32x4.gt(x, f32x4.splat(0)));
  return v128.bitselect(x, result, f32x4.ne(x, x));
}

function mapped(operation: i32, x: v128, slope: f32): v128 {
  switch (operation) {
    case negate:
      return f32x4.neg(x);
    case relu:
      return f32x4.max(x, f32x4.splat(0));
    case step:
      return stepped(x, slope);
    case absolute:
      return f32x4.abs(x);
    case square:
      return f32x4.mul(x, x);
    case squareRoot:
      return f32x4.sqrt(x);
    case inverseRoot:
      return f32x4.div(f32x4.splat(1), f32x4.sqrt(x));
    case reciprocal:
      return f32x4.div(f32x4.splat(1), x);
    case exponential:
      return exp4(x);
    case logarithm:
      return log4(x);
    default:
      return x;
  }
}

/** y = value for the elements `begin` to `end`. */
export function fill(y: usize, value: f32, begin: i32, end: i32): void {
  const last = end * f32Bytes;
  let i = begin * f32Bytes;
  for (; i + laneBytes <= last; i += laneBytes) v128.store(y + i, f32x4.splat(value));
  for (; i < last; i += f32Bytes) store<f32>(y + i, value);
}

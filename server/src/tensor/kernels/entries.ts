/** Weighted sums of rows of a dense matrix: what the entries of one row of a sparse matrix make of it. */
import { advance, f32Bytes, madd, maddScalar } from './vector';

/**
 * y = min(sum of value_k x[column_k] over entries k, upper). Columns are taken in blocks whose sums stay in registers
 * while the entries are walked, in ascending order.
 *
 * @param column the entries' column indices, up to `stop`
 * @param value the entries' values, `step` bytes from one to the next
 * @param x rows of `stride` bytes, of which `width` numbers are read
 * @param y `[width]`
 * @param upper `[width]`, or 0 for none
 */
export function sumEntries(
  column: usize,
  stop: usize,
  value: usize,
  step: i32,
  x: usize,
  stride: i32,
  width: i32,
  y: usize,
  upper: usize,
): void {
  let j = 0;
  for (; j + 32 <= width; j += 32) {
    const at = j * f32Bytes;
    sum32(column, stop, value, step, x + at, stride, y + at, advance(upper, at));
  }
  for (; j + 16 <= width; j += 16) {
    const at = j * f32Bytes;
    sum16(column, stop, value, step, x + at, stride, y + at, advance(upper, at));
  }
  if (width >= 4) {
    for (; j < width; j += 4) {
      // The last block overlaps its neighbour where the width is no multiple of four.
      const at = (j + 4 <= width ? j : width - 4) * f32Bytes;
      sum4(column, stop, value, step, x + at, stride, y + at, advance(upper, at));
    }
  } else {
    for (; j < width; j++) {
      const at = j * f32Bytes;
      sum1(column, stop, value, step, x + at, stride, y + at, advance(upper, at));
    }
  }
}

function sum32(
  column: usize,
  stop: usize,
  value: usize,
  step: i32,
  x: usize,
  stride: i32,
  y: usize,
  upper: usize,
): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  while (column < stop) {
    const from = x + load<i32>(column) * stride;
    const factor = v128.load32_splat(value);
    s0 = madd(factor, v128.load(from), s0);
    s1 = madd(factor, v128.load(from, 16), s1);
    s2 = madd(factor, v128.load(from, 32), s2);
    s3 = madd(factor, v128.load(from, 48), s3);
    s4 = madd(factor, v128.load(from, 64), s4);
    s5 = madd(factor, v128.load(from, 80), s5);
    s6 = madd(factor, v128.load(from, 96), s6);
    s7 = madd(factor, v128.load(from, 112), s7);
    column += 4;
    value += step;
  }
  if (upper !== 0) {
    s0 = f32x4.min(s0, v128.load(upper));
    s1 = f32x4.min(s1, v128.load(upper, 16));
    s2 = f32x4.min(s2, v128.load(upper, 32));
    s3 = f32x4.min(s3, v128.load(upper, 48));
    s4 = f32x4.min(s4, v128.load(upper, 64));
    s5 = f32x4.min(s5, v128.load(upper, 80));
    s6 = f32x4.min(s6, v128.load(upper, 96));
    s7 = f32x4.min(s7, v128.load(upper, 112));
  }
  v128.store(y, s0);
  v128.store(y, s1, 16);
  v128.store(y, s2, 32);
  v128.store(y, s3, 48);
  v128.store(y, s4, 64);
  v128.store(y, s5, 80);
  v128.store(y, s6, 96);
  v128.store(y, s7, 112);
}

function sum16(
  column: usize,
  stop: usize,
  value: usize,
  step: i32,
  x: usize,
  stride: i32,
  y: usize,
  upper: usize,
): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  while (column < stop) {
    const from = x + load<i32>(column) * stride;
    const factor = v128.load32_splat(value);
    s0 = madd(factor, v128.load(from), s0);
    s1 = madd(factor, v128.load(from, 16), s1);
    s2 = madd(factor, v128.load(from, 32), s2);
    s3 = madd(factor, v128.load(from, 48), s3);
    column += 4;
    value += step;
  }
  if (upper !== 0) {
    s0 = f32x4.min(s0, v128.load(upper));
    s1 = f32x4.min(s1, v128.load(upper, 16));
    s2 = f32x4.min(s2, v128.load(upper, 32));
    s3 = f32x4.min(s3, v128.load(upper, 48));
  }
  v128.store(y, s0);
  v128.store(y, s1, 16);
  v128.store(y, s2, 32);
  v128.store(y, s3, 48);
}

function sum4(
  column: usize,
  stop: usize,
  value: usize,
  step: i32,
  x: usize,
  stride: i32,
  y: usize,
  upper: usize,
): void {
  let sum = f32x4.splat(0);
  while (column < stop) {
    sum = madd(v128.load32_splat(value), v128.load(x + load<i32>(column) * stride), sum);
    column += 4;
    value += step;
  }
  if (upper !== 0) sum = f32x4.min(sum, v128.load(upper));
  v128.store(y, sum);
}

function sum1(
  column: usize,
  stop: usize,
  value: usize,
  step: i32,
  x: usize,
  stride: i32,
  y: usize,
  upper: usize,
): void {
  let sum: f32 = 0;
  while (column < stop) {
    sum = maddScalar(load<f32>(value), load<f32>(x + load<i32>(column) * stride), sum);
    column += 4;
    value += step;
  }
  if (upper !== 0) sum = min<f32>(sum, load<f32>(upper));
  store<f32>(y, sum);
}

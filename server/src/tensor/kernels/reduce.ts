/** Sums, largest and smallest values. Sums are taken in float64 and rounded once. */
import { f32Bytes } from './vector';

const f64Bytes: i32 = 8;
const laneBytes: i32 = 16;

/**
 * Sums of each row, divided.
 *
 * @param x `[rows, columns]`
 * @param divisor what sums are divided by: 1, or the number of columns for means
 * @param y `[rows]`
 */
export function rowSums(x: usize, columns: i32, divisor: f64, y: usize, begin: i32, end: i32): void {
  const bytes = columns * f32Bytes;
  for (let row = begin; row < end; row++) {
    store<f32>(y + row * f32Bytes, f32(spanSum(x + row * bytes, bytes) / divisor));
  }
}

/**
 * Sums of blocks of a long vector, in float64.
 *
 * @param x `[length]`
 * @param block elements of a block; the last one may be shorter
 * @param sums `[blocks]`, float64
 */
export function blockSums(x: usize, length: i32, block: i32, sums: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; i++) {
    const first = i * block;
    store<f64>(sums + i * f64Bytes, spanSum(x + first * f32Bytes, min(block, length - first) * f32Bytes));
  }
}

/** y = x / divisor for the elements `begin` to `end`, from float64 to float32. */
export function roundSums(x: usize, divisor: f64, y: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; i++) store<f32>(y + i * f32Bytes, f32(load<f64>(x + i * f64Bytes) / divisor));
}

/**
 * Sums of each row of float64 numbers, divided.
 *
 * @param x `[rows, columns]`, float64
 * @param y `[rows]`, float32
 */
export function totals(x: usize, columns: i32, divisor: f64, y: usize, begin: i32, end: i32): void {
  for (let row = begin; row < end; row++) {
    let sum: f64 = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) sum += load<f64>(x + i * f64Bytes);
    store<f32>(y + row * f32Bytes, f32(sum / divisor));
  }
}

function spanSum(x: usize, bytes: i32): f64 {
  const last = x + bytes;
  let left = f64x2.splat(0);
  let right = f64x2.splat(0);
  for (; x + laneBytes <= last; x += laneBytes) {
    left = f64x2.add(left, f64x2.promote_low_f32x4(v128.load64_zero(x)));
    right = f64x2.add(right, f64x2.promote_low_f32x4(v128.load64_zero(x, 8)));
  }
  left = f64x2.add(left, right);
  let sum = f64x2.extract_lane(left, 0) + f64x2.extract_lane(left, 1);
  for (; x < last; x += f32Bytes) sum += f64(load<f32>(x));
  return sum;
}

/**
 * Largest value of each row, or smallest; NaN where there is one.
 *
 * @param x `[rows, columns]`, at least one column
 * @param largest 1 for the largest, 0 for the smallest
 * @param y `[rows]`
 */
export function rowExtremes(x: usize, columns: i32, largest: i32, y: usize, begin: i32, end: i32): void {
  const bytes = columns * f32Bytes;
  for (let row = begin; row < end; row++) {
    const first = x + row * bytes;
    const last = first + bytes;
    let extremes = v128.load32_splat(first);
    let at = first;
    for (; at + laneBytes <= last; at += laneBytes) extremes = extreme(largest, extremes, v128.load(at));
    for (; at < last; at += f32Bytes) extremes = extreme(largest, extremes, v128.load32_splat(at));
    extremes = extreme(largest, extremes, i64x2.shuffle(extremes, extremes, 1, 0));
    extremes = extreme(largest, extremes, i32x4.shuffle(extremes, extremes, 1, 0, 3, 2));
    store<f32>(y + row * f32Bytes, f32x4.extract_lane(extremes, 0));
  }
}

/**
 * Largest value of each of the columns `begin` to `end`, or smallest.
 *
 * @param x `[rows, columns]`, at least one row
 * @param y `[columns]`
 */
export function columnExtremes(x: usize, rows: i32, columns: i32, largest: i32, y: usize, begin: i32, end: i32): void {
  const stride = columns * f32Bytes;
  const last = x + rows * stride;
  let i = begin;
  for (; i + 4 <= end; i += 4) {
    const first = x + i * f32Bytes;
    let extremes = v128.load(first);
    for (let at = first + stride; at < last; at += stride) extremes = extreme(largest, extremes, v128.load(at));
    v128.store(y + i * f32Bytes, extremes);
  }
  for (; i < end; i++) {
    const first = x + i * f32Bytes;
    let extremes = v128.load32_splat(first);
    for (let at = first + stride; at < last; at += stride) {
      extremes = extreme(largest, extremes, v128.load32_splat(at));
    }
    store<f32>(y + i * f32Bytes, f32x4.extract_lane(extremes, 0));
  }
}

function extreme(largest: i32, a: v128, b: v128): v128 {
  return largest !== 0 ? f32x4.max(a, b) : f32x4.min(a, b);
}

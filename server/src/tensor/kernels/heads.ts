/** What attention and its gradients share: LeakyReLU, and sums and products of vectors head by head. */
import { sumEntries } from './entries';
import { horizontalSum } from './sums';
import { f32Bytes, madd, maddScalar } from './vector';

/** Slope of the LeakyReLU for negative values. */
const negativeSlope: f32 = 0.2;

export function leaky(x: v128): v128 {
  return f32x4.max(x, f32x4.mul(x, f32x4.splat(negativeSlope)));
}

/** Derivative of `leaky`. */
export function leakySlope(x: v128): v128 {
  return v128.bitselect(f32x4.splat(1), f32x4.splat(negativeSlope), f32x4.gt(x, f32x4.splat(0)));
}

/**
 * Four heads' scores of an entry before the LeakyReLU: its row's as a target and its column's as a source.
 *
 * @param scores of the four heads, `[nodes, 2, lanes]`
 * @param column of the entry
 */
export function entryScore(scores: usize, laneBytes: i32, row: i32, column: usize): v128 {
  const source = scores + (2 * load<i32>(column) + 1) * laneBytes;
  return f32x4.add(v128.load(scores + 2 * row * laneBytes), v128.load(source));
}

/**
 * Sums of rows of x, weighted head by head, over the entries `first` to `last`.
 *
 * @param weights `laneBytes` an entry
 * @param x rows of `[heads, width]`
 * @param y `[heads, width]`
 */
export function sumHeads(
  columns: usize,
  weights: usize,
  x: usize,
  y: usize,
  first: i32,
  last: i32,
  heads: i32,
  laneBytes: i32,
  width: i32,
): void {
  const size = width * f32Bytes;
  const column = columns + first * 4;
  const stop = columns + last * 4;
  let weight = weights + first * laneBytes;
  for (let head = 0; head < heads; head++) {
    sumEntries(column, stop, weight, laneBytes, x, heads * size, width, y, 0);
    weight += f32Bytes;
    x += size;
    y += size;
  }
}

/**
 * Products of the heads' parts of two rows; zero in the lanes behind.
 *
 * @param a `[heads, width]`
 * @param b `[heads, width]`
 * @param lanes heads rounded up to a multiple of four
 * @param to `[lanes]`
 */
export function headDots(a: usize, b: usize, heads: i32, lanes: i32, width: i32, to: usize): void {
  const size = width * f32Bytes;
  let head = 0;
  if ((width & 3) === 0) {
    for (; head + 4 <= heads; head += 4) {
      v128.store(to + head * f32Bytes, fourDots(a + head * size, b + head * size, size));
    }
  }
  for (; head < heads; head++) store<f32>(to + head * f32Bytes, headDot(a + head * size, b + head * size, size));
  for (; head < lanes; head++) store<f32>(to + head * f32Bytes, 0);
}

/** Products of four consecutive pairs of vectors of `size` bytes, a multiple of 16. */
function fourDots(a: usize, b: usize, size: i32): v128 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const stop = a + size;
  while (a < stop) {
    s0 = madd(v128.load(a), v128.load(b), s0);
    s1 = madd(v128.load(a + size), v128.load(b + size), s1);
    s2 = madd(v128.load(a + 2 * size), v128.load(b + 2 * size), s2);
    s3 = madd(v128.load(a + 3 * size), v128.load(b + 3 * size), s3);
    a += 16;
    b += 16;
  }
  // The sums of the four lanes of each.
  const low = f32x4.add(i32x4.shuffle(s0, s1, 0, 4, 1, 5), i32x4.shuffle(s0, s1, 2, 6, 3, 7));
  const high = f32x4.add(i32x4.shuffle(s2, s3, 0, 4, 1, 5), i32x4.shuffle(s2, s3, 2, 6, 3, 7));
  return f32x4.add(i32x4.shuffle(low, high, 0, 1, 4, 5), i32x4.shuffle(low, high, 2, 3, 6, 7));
}

function headDot(a: usize, b: usize, size: i32): f32 {
  let sum = f32x4.splat(0);
  const stop = a + size;
  while (a + 16 <= stop) {
    sum = madd(v128.load(a), v128.load(b), sum);
    a += 16;
    b += 16;
  }
  let rest = horizontalSum(sum);
  while (a < stop) {
    rest = maddScalar(load<f32>(a), load<f32>(b), rest);
    a += f32Bytes;
    b += f32Bytes;
  }
  return rest;
}

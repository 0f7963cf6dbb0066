/** What attention and its gradient share: the slope of scores, and products of vectors head by head. */
import { horizontalSum } from './sums';
import { f32Bytes, madd, maddScalar } from './vector';

/** Slope of the LeakyReLU for negative scores. */
export const negativeSlope: f32 = 0.2;

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

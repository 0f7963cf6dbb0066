/** Sums that several kernels need. */
import { f32Bytes, madd } from './vector';

/** Numbers added up in float32 before they go into a total in float64. */
const block: i32 = 256;

/** Sum of the products of two vectors: blocks in float32, their sums in float64. */
export function dot(a: usize, b: usize, length: i32): f64 {
  let total: f64 = 0;
  let at = 0;
  while (at + 8 <= length) {
    const stop = min(at + block, length & ~7);
    let s0 = f32x4.splat(0);
    let s1 = s0;
    for (; at < stop; at += 8) {
      const offset = at * f32Bytes;
      s0 = madd(v128.load(a + offset), v128.load(b + offset), s0);
      s1 = madd(v128.load(a + offset, 16), v128.load(b + offset, 16), s1);
    }
    total += f64(horizontalSum(f32x4.add(s0, s1)));
  }
  for (; at < length; at++) {
    const offset = at * f32Bytes;
    total += f64(load<f32>(a + offset)) * f64(load<f32>(b + offset));
  }
  return total;
}

/** Sum of the four lanes. */
export function horizontalSum(x: v128): f32 {
  const left = f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1);
  return left + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

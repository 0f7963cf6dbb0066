/** Four float32 lanes: the arithmetic every kernel is written with. */

/** Bytes of a float32. */
export const f32Bytes: i32 = 4;
/** Bytes of a float64. */
export const f64Bytes: i32 = 8;

/** The place some bytes behind a pointer that may be absent (0). */
export function advance(pointer: usize, bytes: i32): usize {
  return pointer === 0 ? pointer : pointer + bytes;
}

/**
 * a b + c. One rounding where the build has relaxed SIMD and the processor an instruction for it, two elsewhere: results
 * of the two builds differ in the last bit, results of one build never do.
 */
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** The last two lanes in the place of the first two, where `promote_low` takes them from. */
export function highHalf(a: v128): v128 {
  return v128.shuffle<u64>(a, a, 1, 1);
}

/** a b + c of scalars, rounded as `madd` rounds. */
export function maddScalar(a: f32, b: f32, c: f32): f32 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.extract_lane(madd(f32x4.splat(a), f32x4.splat(b), f32x4.splat(c)), 0);
  return a * b + c;
}

/** Four lanes, or a single one with zeros behind it. */
export function loadLanes(at: usize, isWhole: boolean): v128 {
  return isWhole ? v128.load(at) : v128.load32_zero(at);
}

/** Stores four lanes, or the first alone. */
export function storeLanes(at: usize, x: v128, isWhole: boolean): void {
  if (isWhole) v128.store(at, x);
  else v128.store32_lane(at, x, 0);
}

/**
 * Exponential and logarithm of float32 values, computed in two float64 lanes so that the rounded result is right to the
 * last bit in all but a few cases. The same on every machine, which the functions of JavaScript need not be.
 */

/** Beyond these the exponential of a float32 is 0 or infinite in float32, and finite and normal in float64. */
const lowest: f64 = -160;
const highest: f64 = 160;
const log2e: f64 = 1.4426950408889634;
/** log 2 in two parts; the first has so few digits that its multiples by small integers are exact. */
const ln2High: f64 = 0.6931471803691238;
const ln2Low: f64 = 1.9082149292705877e-10;
/** Added to an integer below 2^51, leaves it in the low bits of the sum. */
const integerShift: f64 = 6755399441055744;

/** e^x of two float64 lanes that hold float32 values (or differences of such); relative error about 1e-12. */
export function exp(x: v128): v128 {
  const bounded = f64x2.max(f64x2.min(x, f64x2.splat(highest)), f64x2.splat(lowest));
  // e^x = 2^k e^r with |r| <= log(2) / 2
  const k = f64x2.nearest(f64x2.mul(bounded, f64x2.splat(log2e)));
  const r = f64x2.sub(f64x2.sub(bounded, f64x2.mul(k, f64x2.splat(ln2High))), f64x2.mul(k, f64x2.splat(ln2Low)));
  let sum = f64x2.splat(1 / 3628800.0);
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1 / 362880.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1 / 40320.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1 / 5040.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1 / 720.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1 / 120.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1 / 24.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1 / 6.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1 / 2.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1));
  const power = i64x2.shl(i64x2.add(f64x2.add(k, f64x2.splat(integerShift)), i64x2.splat(1023)), 52);
  return f64x2.mul(sum, power);
}

const exponentBits: i64 = 0x7ff0000000000000;
const mantissaBits: i64 = 0x000fffffffffffff;
const oneBits: i64 = 0x3ff0000000000000;
const sqrt2: f64 = 1.4142135623730951;
/** 2^52 as bits: with the exponent of a number in its low bits it is the number 2^52 + exponent. */
const integerBits: i64 = 0x4330000000000000;
const ln2: f64 = 0.6931471805599453;

/**
 * log x of two float64 lanes that are normal, 0, infinite or NaN (every float32 is); -infinity for 0, NaN below.
 * Error about 1e-12 of the larger of 1 and the result, and relative near x = 1.
 */
export function log(x: v128): v128 {
  // x = 2^k m with m in [sqrt(1/2), sqrt(2)); log m = 2 atanh s with s = (m - 1) / (m + 1)
  const exponent = i64x2.shr_u(v128.and(x, i64x2.splat(exponentBits)), 52);
  let k = f64x2.sub(v128.or(exponent, i64x2.splat(integerBits)), f64x2.splat(4503599627370496 + 1023));
  let m = v128.or(v128.and(x, i64x2.splat(mantissaBits)), i64x2.splat(oneBits));
  const large = f64x2.ge(m, f64x2.splat(sqrt2));
  m = v128.bitselect(f64x2.mul(m, f64x2.splat(0.5)), m, large);
  k = v128.bitselect(f64x2.add(k, f64x2.splat(1)), k, large);
  const s = f64x2.div(f64x2.sub(m, f64x2.splat(1)), f64x2.add(m, f64x2.splat(1)));
  const square = f64x2.mul(s, s);
  let sum = f64x2.splat(1 / 15.0);
  sum = f64x2.add(f64x2.mul(sum, square), f64x2.splat(1 / 13.0));
  sum = f64x2.add(f64x2.mul(sum, square), f64x2.splat(1 / 11.0));
  sum = f64x2.add(f64x2.mul(sum, square), f64x2.splat(1 / 9.0));
  sum = f64x2.add(f64x2.mul(sum, square), f64x2.splat(1 / 7.0));
  sum = f64x2.add(f64x2.mul(sum, square), f64x2.splat(1 / 5.0));
  sum = f64x2.add(f64x2.mul(sum, square), f64x2.splat(1 / 3.0));
  sum = f64x2.add(f64x2.mul(sum, square), f64x2.splat(1));
  let result = f64x2.add(f64x2.mul(k, f64x2.splat(ln2)), f64x2.mul(f64x2.add(s, s), sum));
  const zero = f64x2.splat(0);
  result = v128.bitselect(f64x2.splat(-Infinity), result, f64x2.eq(x, zero));
  result = v128.bitselect(f64x2.splat(NaN), result, v128.or(f64x2.lt(x, zero), f64x2.ne(x, x)));
  return v128.bitselect(x, result, f64x2.eq(x, f64x2.splat(Infinity)));
}

/** e^x of four float32 lanes. */
export function exp4(x: v128): v128 {
  const low = f32x4.demote_f64x2_zero(exp(f64x2.promote_low_f32x4(x)));
  const high = f32x4.demote_f64x2_zero(exp(f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 0))));
  return i64x2.shuffle(low, high, 0, 2);
}

/** log x of four float32 lanes. */
export function log4(x: v128): v128 {
  const low = f32x4.demote_f64x2_zero(log(f64x2.promote_low_f32x4(x)));
  const high = f32x4.demote_f64x2_zero(log(f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 0))));
  return i64x2.shuffle(low, high, 0, 2);
}

/** The softmax over the entries of one row of a sparse matrix, head by head, and its gradient. */
import { madd } from './vector';

/**
 * Turns scores of the entries `first` to `last` into weights, an entry of value w counting w times.
 *
 * @param values of the entries, at least 0
 * @param weights scores before, weights after, `laneBytes` an entry, a multiple of 16
 */
export function softmax(values: usize, weights: usize, laneBytes: i32, first: i32, last: i32): void {
  for (let lane = 0; lane < laneBytes; lane += 16) {
    const begin = weights + first * laneBytes + lane;
    const end = weights + last * laneBytes + lane;
    let largest = f32x4.splat(-Infinity);
    for (let at = begin; at < end; at += laneBytes) largest = f32x4.max(largest, v128.load(at));
    let sum = f32x4.splat(0);
    let value = values + first * 4;
    for (let at = begin; at < end; at += laneBytes) {
      const weight = f32x4.mul(v128.load32_splat(value), exp4(f32x4.sub(v128.load(at), largest)));
      v128.store(at, weight);
      sum = f32x4.add(sum, weight);
      value += 4;
    }
    const scale = f32x4.div(f32x4.splat(1), sum);
    for (let at = begin; at < end; at += laneBytes) v128.store(at, f32x4.mul(v128.load(at), scale));
  }
}

/**
 * Turns gradients of the weights of the entries `first` to `last` into gradients of their scores.
 *
 * @param weights as `softmax` made them
 * @param gradients of the weights before, of the scores after, laid out like the weights
 */
export function softmaxGradient(weights: usize, gradients: usize, laneBytes: i32, first: i32, last: i32): void {
  for (let lane = 0; lane < laneBytes; lane += 16) {
    const begin = first * laneBytes + lane;
    const end = last * laneBytes + lane;
    let mean = f32x4.splat(0);
    for (let at = begin; at < end; at += laneBytes) {
      mean = madd(v128.load(weights + at), v128.load(gradients + at), mean);
    }
    for (let at = begin; at < end; at += laneBytes) {
      const difference = f32x4.sub(v128.load(gradients + at), mean);
      v128.store(gradients + at, f32x4.mul(v128.load(weights + at), difference));
    }
  }
}

/**
 * e^x of four lanes for x <= 0, in float32: relative error about 2e-7, and 1e-38 instead of what is less. A polynomial
 * on half an octave either way of a power of two (coefficients of Cephes).
 */
function exp4(x: v128): v128 {
  const bounded = f32x4.max(x, f32x4.splat(-87));
  // Adding 1.5 * 2^23 leaves the nearest integer in the low bits.
  const shift = f32x4.splat(12582912);
  const shifted = f32x4.add(f32x4.mul(bounded, f32x4.splat(1.442695)), shift);
  const octaves = f32x4.sub(shifted, shift);
  let r = f32x4.sub(bounded, f32x4.mul(octaves, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(octaves, f32x4.splat(2.1219444e-4)));
  let p = madd(f32x4.splat(1.98756915e-4), r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(0.5));
  p = madd(p, f32x4.mul(r, r), f32x4.add(r, f32x4.splat(1)));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

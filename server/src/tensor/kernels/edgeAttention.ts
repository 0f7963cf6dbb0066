/**
 * Attention over the entries of a sparse matrix, head by head: the weights that a node gives the nodes it receives
 * from, and what it receives. Heads lie side by side in the columns of z, `[nodes, heads * width]`; scores and weights
 * have the number of heads rounded up to `lanes`, a multiple of four, and what lies in the places behind is of no
 * account.
 */
import { sumEntries } from './entries';
import { headDots, negativeSlope } from './heads';
import { f32Bytes, madd } from './vector';

/**
 * Scores of nodes as targets and as sources: the products of each head's part of z with that head's vectors, for the
 * nodes `begin` to `end`.
 *
 * @param z `[nodes, heads * width]`
 * @param target `[heads, width]`
 * @param source `[heads, width]`
 * @param scores `[nodes, 2, lanes]`
 */
export function attentionScores(
  z: usize,
  target: usize,
  source: usize,
  scores: usize,
  heads: i32,
  lanes: i32,
  width: i32,
  begin: i32,
  end: i32,
): void {
  const stride = heads * width * f32Bytes;
  for (let node = begin; node < end; node++) {
    const from = z + node * stride;
    const to = scores + 2 * node * lanes * f32Bytes;
    headDots(from, target, heads, lanes, width, to);
    headDots(from, source, heads, lanes, width, to + lanes * f32Bytes);
  }
}

/**
 * Weights of the entries and weighted sums, for the rows (targets) `begin` to `end`: in each row and head the softmax of
 * LeakyReLU(target's score + source's score), an entry of value w counting w times.
 *
 * @param values of the entries, at least 0
 * @param scores `[nodes, 2, lanes]`
 * @param weights `[entries, lanes]`
 * @param y `[rows, heads * width]`, zero in rows without entries; apart from z
 */
export function edgeAttention(
  offsets: usize,
  columns: usize,
  values: usize,
  scores: usize,
  z: usize,
  weights: usize,
  y: usize,
  heads: i32,
  lanes: i32,
  width: i32,
  begin: i32,
  end: i32,
): void {
  const stride = heads * width * f32Bytes;
  const laneBytes = lanes * f32Bytes;
  const size = width * f32Bytes;
  for (let row = begin; row < end; row++) {
    const first = load<i32>(offsets + row * 4);
    const last = load<i32>(offsets + row * 4, 4);
    for (let lane = 0; lane < laneBytes; lane += 16) {
      const target = v128.load(scores + 2 * row * laneBytes + lane);
      softmax(columns, values, target, scores + laneBytes + lane, weights + lane, laneBytes, first, last);
    }
    const column = columns + first * 4;
    const stop = columns + last * 4;
    let weight = weights + first * laneBytes;
    let from = z;
    let to = y + row * stride;
    for (let head = 0; head < heads; head++) {
      sumEntries(column, stop, weight, laneBytes, from, stride, width, to, 0);
      weight += f32Bytes;
      from += size;
      to += size;
    }
  }
}

/** Weights of the entries `first` to `last` of a row, for four heads. */
function softmax(
  columns: usize,
  values: usize,
  target: v128,
  scores: usize,
  weights: usize,
  laneBytes: i32,
  first: i32,
  last: i32,
): void {
  let largest = f32x4.splat(-Infinity);
  for (let k = first; k < last; k++) {
    const source = v128.load(scores + 2 * load<i32>(columns + k * 4) * laneBytes);
    const score = leaky(f32x4.add(target, source));
    v128.store(weights + k * laneBytes, score);
    largest = f32x4.max(largest, score);
  }
  let sum = f32x4.splat(0);
  for (let k = first; k < last; k++) {
    const at = weights + k * laneBytes;
    const weight = f32x4.mul(v128.load32_splat(values + k * 4), exp4(f32x4.sub(v128.load(at), largest)));
    v128.store(at, weight);
    sum = f32x4.add(sum, weight);
  }
  const scale = f32x4.div(f32x4.splat(1), sum);
  for (let k = first; k < last; k++) {
    const at = weights + k * laneBytes;
    v128.store(at, f32x4.mul(v128.load(at), scale));
  }
}

function leaky(x: v128): v128 {
  return f32x4.max(x, f32x4.mul(x, f32x4.splat(negativeSlope)));
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

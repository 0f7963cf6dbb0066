/**
 * Attention over the entries of a sparse matrix, head by head: the weights that a node gives the nodes it receives
 * from, and what it receives. Heads lie side by side in the columns of z, `[nodes, heads * width]`; scores and weights
 * have the number of heads rounded up to `lanes`, a multiple of four, and what lies in the places behind is of no
 * account.
 */
import { sumEntries } from './entries';
import { horizontalSum } from './sums';
import { f32Bytes, madd, maddScalar } from './vector';

/** Slope of the LeakyReLU for negative scores. */
const negativeSlope: f32 = 0.2;

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

/** Products of the heads' parts of two rows; zero in the lanes behind. */
function headDots(a: usize, b: usize, heads: i32, lanes: i32, width: i32, to: usize): void {
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

/**
 * Gradients of the scores of entries before the LeakyReLU, and their sums by target, for the rows `begin` to `end`.
 *
 * @param dy gradient of y, `[rows, heads * width]`
 * @param weights as `edgeAttention` made them, `[entries, lanes]`
 * @param toEntries `[entries, lanes]`
 * @param toScores `[nodes, 2, lanes]`, of which the targets' are written
 */
export function edgeScoreGradient(
  offsets: usize,
  columns: usize,
  scores: usize,
  z: usize,
  weights: usize,
  dy: usize,
  toEntries: usize,
  toScores: usize,
  heads: i32,
  lanes: i32,
  width: i32,
  begin: i32,
  end: i32,
): void {
  const stride = heads * width * f32Bytes;
  const laneBytes = lanes * f32Bytes;
  for (let row = begin; row < end; row++) {
    const first = load<i32>(offsets + row * 4);
    const last = load<i32>(offsets + row * 4, 4);
    for (let k = first; k < last; k++) {
      const from = z + load<i32>(columns + k * 4) * stride;
      headDots(dy + row * stride, from, heads, lanes, width, toEntries + k * laneBytes);
    }
    for (let lane = 0; lane < laneBytes; lane += 16) {
      const target = v128.load(scores + 2 * row * laneBytes + lane);
      const sources = scores + laneBytes + lane;
      let mean = f32x4.splat(0);
      for (let k = first; k < last; k++) {
        const at = k * laneBytes + lane;
        mean = madd(v128.load(weights + at), v128.load(toEntries + at), mean);
      }
      let sum = f32x4.splat(0);
      for (let k = first; k < last; k++) {
        const at = k * laneBytes + lane;
        const score = f32x4.add(target, v128.load(sources + 2 * load<i32>(columns + k * 4) * laneBytes));
        const slope = v128.bitselect(f32x4.splat(1), f32x4.splat(negativeSlope), f32x4.gt(score, f32x4.splat(0)));
        const toWeight = f32x4.sub(v128.load(toEntries + at), mean);
        const gradient = f32x4.mul(f32x4.mul(v128.load(weights + at), toWeight), slope);
        v128.store(toEntries + at, gradient);
        sum = f32x4.add(sum, gradient);
      }
      v128.store(toScores + 2 * row * laneBytes + lane, sum);
    }
  }
}

/**
 * Gradient of z, and the sums of the entries' gradients by source, for the rows `begin` to `end` of the transposed
 * matrix (sources).
 *
 * @param offsets of the transposed matrix's entries
 * @param columns of the transposed matrix's entries
 * @param order of each entry of the transposed matrix its place among those of the matrix
 * @param turned room for the weights in that order, `[entries, lanes]`
 * @param toScores `[nodes, 2, lanes]`, of which the targets' are read and the sources' written
 * @param dz `[nodes, heads * width]`, apart from dy
 */
export function edgeAttentionGradient(
  offsets: usize,
  columns: usize,
  order: usize,
  weights: usize,
  toEntries: usize,
  turned: usize,
  dy: usize,
  target: usize,
  source: usize,
  toScores: usize,
  dz: usize,
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
    const toTarget = toScores + 2 * row * laneBytes;
    const toSource = toTarget + laneBytes;
    for (let lane = 0; lane < laneBytes; lane += 16) {
      let sum = f32x4.splat(0);
      for (let k = first; k < last; k++) {
        const from = load<i32>(order + k * 4) * laneBytes + lane;
        v128.store(turned + k * laneBytes + lane, v128.load(weights + from));
        sum = f32x4.add(sum, v128.load(toEntries + from));
      }
      v128.store(toSource + lane, sum);
    }
    const column = columns + first * 4;
    const stop = columns + last * 4;
    for (let head = 0; head < heads; head++) {
      const lane = head * f32Bytes;
      const part = head * size;
      const to = dz + row * stride + part;
      sumEntries(column, stop, turned + first * laneBytes + lane, laneBytes, dy + part, stride, width, to, 0);
      addMultiple(to, load<f32>(toTarget + lane), target + part, size);
      addMultiple(to, load<f32>(toSource + lane), source + part, size);
    }
  }
}

/** y += factor x, for `size` bytes. */
function addMultiple(y: usize, factor: f32, x: usize, size: i32): void {
  const stop = y + size;
  while (y + 16 <= stop) {
    v128.store(y, madd(f32x4.splat(factor), v128.load(x), v128.load(y)));
    y += 16;
    x += 16;
  }
  while (y < stop) {
    store<f32>(y, maddScalar(factor, load<f32>(x), load<f32>(y)));
    y += f32Bytes;
    x += f32Bytes;
  }
}

/** Rows whose products are added up in float32 before they go into a total in float64. */
const rowBlock: i32 = 64;

/**
 * Gradients of the vectors that make scores, for the columns `begin` to `end` of z.
 *
 * @param toScores `[nodes, 2, lanes]`
 * @param toTarget `[heads, width]`
 * @param toSource `[heads, width]`
 */
export function attentionVectorGradient(
  z: usize,
  toScores: usize,
  toTarget: usize,
  toSource: usize,
  nodes: i32,
  heads: i32,
  lanes: i32,
  width: i32,
  begin: i32,
  end: i32,
): void {
  const stride = heads * width * f32Bytes;
  const laneBytes = lanes * f32Bytes;
  let column = begin;
  while (column < end) {
    const score = toScores + (column / width) * f32Bytes;
    const at = column * f32Bytes;
    const isBlock = ((column | width) & 3) === 0 && column + 4 <= end;
    let targets = f64x2.splat(0);
    let targetsBehind = targets;
    let sources = targets;
    let sourcesBehind = targets;
    for (let first = 0; first < nodes; first += rowBlock) {
      const last = min(first + rowBlock, nodes);
      let target = f32x4.splat(0);
      let source = target;
      for (let node = first; node < last; node++) {
        const from = z + node * stride + at;
        const x = isBlock ? v128.load(from) : v128.load32_zero(from);
        const slope = score + 2 * node * laneBytes;
        target = madd(x, v128.load32_splat(slope), target);
        source = madd(x, v128.load32_splat(slope + laneBytes), source);
      }
      targets = f64x2.add(targets, f64x2.promote_low_f32x4(target));
      targetsBehind = f64x2.add(targetsBehind, f64x2.promote_low_f32x4(i64x2.shuffle(target, target, 1, 0)));
      sources = f64x2.add(sources, f64x2.promote_low_f32x4(source));
      sourcesBehind = f64x2.add(sourcesBehind, f64x2.promote_low_f32x4(i64x2.shuffle(source, source, 1, 0)));
    }
    const target = rounded(targets, targetsBehind);
    const source = rounded(sources, sourcesBehind);
    if (isBlock) {
      v128.store(toTarget + at, target);
      v128.store(toSource + at, source);
      column += 4;
    } else {
      v128.store32_lane(toTarget + at, target, 0);
      v128.store32_lane(toSource + at, source, 0);
      column++;
    }
  }
}

/** Four float32 lanes of two times two float64 lanes. */
function rounded(front: v128, behind: v128): v128 {
  return i64x2.shuffle(f32x4.demote_f64x2_zero(front), f32x4.demote_f64x2_zero(behind), 0, 2);
}

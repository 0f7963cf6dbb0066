/** Gradients of attention over the entries of a sparse matrix; see `edgeAttention` for how heads lie in memory. */
import { entryScore, headDots, leakySlope, sumHeads } from './heads';
import { softmaxGradient } from './softmax';
import { f32Bytes, madd, maddScalar } from './vector';

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
    softmaxGradient(weights, toEntries, laneBytes, first, last);
    for (let lane = 0; lane < laneBytes; lane += 16) {
      let sum = f32x4.splat(0);
      for (let k = first; k < last; k++) {
        const at = toEntries + k * laneBytes + lane;
        const slope = leakySlope(entryScore(scores + lane, laneBytes, row, columns + k * 4));
        const gradient = f32x4.mul(v128.load(at), slope);
        v128.store(at, gradient);
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
    sumHeads(columns, turned, dy, dz + row * stride, first, last, heads, laneBytes, width);
    for (let head = 0; head < heads; head++) {
      const lane = head * f32Bytes;
      const part = head * size;
      const to = dz + row * stride + part;
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

/**
 * Attention whose scores are made of sums of two nodes' features (GATv2), and its gradients. Heads lie side by side in
 * the columns of features, and weights have places for `lanes` heads, as in `edgeAttention`.
 */
import { headDots, leaky, leakySlope, sumHeads } from './heads';
import { softmax, softmaxGradient } from './softmax';
import { horizontalSum } from './sums';
import { f32Bytes, loadLanes, madd, storeLanes } from './vector';

/** Bytes of four float32 lanes. */
const fourBytes: i32 = 16;

/**
 * Weights of the entries and weighted sums of their sources, for the rows (targets) `begin` to `end`: in each row and
 * head the softmax of vector . LeakyReLU(target + source), an entry of value w counting w times.
 *
 * @param values of the entries, at least 0
 * @param targets `[rows, heads * width]`
 * @param sources `[columns of the matrix, heads * width]`
 * @param vector `[heads, width]`
 * @param weights `[entries, lanes]`
 * @param y `[rows, heads * width]`, zero in rows without entries; apart from the others
 */
export function edgeAttentionV2(
  offsets: usize,
  columns: usize,
  values: usize,
  targets: usize,
  sources: usize,
  vector: usize,
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
  for (let row = begin; row < end; row++) {
    const first = load<i32>(offsets + row * 4);
    const last = load<i32>(offsets + row * 4, 4);
    const target = targets + row * stride;
    for (let k = first; k < last; k++) {
      const source = sources + load<i32>(columns + k * 4) * stride;
      headScores(target, source, vector, heads, lanes, width, weights + k * laneBytes);
    }
    softmax(values, weights, laneBytes, first, last);
    sumHeads(columns, weights, sources, y + row * stride, first, last, heads, laneBytes, width);
  }
}

/** Scores of one entry; zero in the lanes behind. */
function headScores(target: usize, source: usize, vector: usize, heads: i32, lanes: i32, width: i32, to: usize): void {
  const size = width * f32Bytes;
  for (let head = 0; head < lanes; head++) {
    let sum = f32x4.splat(0);
    if (head < heads) {
      for (let at = head * size; at < (head + 1) * size;) {
        const isWhole = at + fourBytes <= (head + 1) * size;
        const x = f32x4.add(loadLanes(target + at, isWhole), loadLanes(source + at, isWhole));
        sum = madd(loadLanes(vector + at, isWhole), leaky(x), sum);
        at += isWhole ? fourBytes : f32Bytes;
      }
    }
    store<f32>(to + head * f32Bytes, horizontalSum(sum));
  }
}

/**
 * Gradients of scores, of targets, and what the gradient of the vector is the sum of, for the rows `begin` to `end`.
 *
 * @param weights as `edgeAttentionV2` made them
 * @param dy gradient of y, `[rows, heads * width]`
 * @param toEntries gradients of the scores, `[entries, lanes]`
 * @param toTargets `[rows, heads * width]`
 * @param toVector each row's part, `[rows, heads * width]`
 */
export function edgeAttentionV2TargetGradient(
  offsets: usize,
  columns: usize,
  targets: usize,
  sources: usize,
  vector: usize,
  weights: usize,
  dy: usize,
  toEntries: usize,
  toTargets: usize,
  toVector: usize,
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
    const from = row * stride;
    for (let k = first; k < last; k++) {
      const source = sources + load<i32>(columns + k * 4) * stride;
      headDots(dy + from, source, heads, lanes, width, toEntries + k * laneBytes);
    }
    softmaxGradient(weights, toEntries, laneBytes, first, last);
    for (let head = 0; head < heads; head++) {
      const toScores = toEntries + head * f32Bytes;
      for (let at = head * size; at < (head + 1) * size;) {
        const isWhole = at + fourBytes <= (head + 1) * size;
        const target = loadLanes(targets + from + at, isWhole);
        let slopes = f32x4.splat(0);
        let products = f32x4.splat(0);
        for (let k = first; k < last; k++) {
          const source = loadLanes(sources + load<i32>(columns + k * 4) * stride + at, isWhole);
          const gradient = v128.load32_splat(toScores + k * laneBytes);
          const x = f32x4.add(target, source);
          slopes = madd(gradient, leakySlope(x), slopes);
          products = madd(gradient, leaky(x), products);
        }
        storeLanes(toTargets + from + at, f32x4.mul(slopes, loadLanes(vector + at, isWhole)), isWhole);
        storeLanes(toVector + from + at, products, isWhole);
        at += isWhole ? fourBytes : f32Bytes;
      }
    }
  }
}

/**
 * Gradients of sources, for the rows `begin` to `end` of the transposed matrix.
 *
 * @param offsets of the transposed matrix's entries
 * @param columns of the transposed matrix's entries
 * @param order of each entry of the transposed matrix its place among those of the matrix
 * @param toEntries as `edgeAttentionV2TargetGradient` made them
 * @param turned room for the weights in that order, `[entries, lanes]`
 * @param toSources `[columns of the matrix, heads * width]`
 */
export function edgeAttentionV2SourceGradient(
  offsets: usize,
  columns: usize,
  order: usize,
  targets: usize,
  sources: usize,
  vector: usize,
  weights: usize,
  dy: usize,
  toEntries: usize,
  turned: usize,
  toSources: usize,
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
    for (let k = first; k < last; k++) {
      memory.copy(turned + k * laneBytes, weights + load<i32>(order + k * 4) * laneBytes, laneBytes);
    }
    const to = toSources + row * stride;
    sumHeads(columns, turned, dy, to, first, last, heads, laneBytes, width);
    for (let head = 0; head < heads; head++) {
      const toScores = toEntries + head * f32Bytes;
      for (let at = head * size; at < (head + 1) * size;) {
        const isWhole = at + fourBytes <= (head + 1) * size;
        const source = loadLanes(sources + row * stride + at, isWhole);
        let slopes = f32x4.splat(0);
        for (let k = first; k < last; k++) {
          const target = loadLanes(targets + load<i32>(columns + k * 4) * stride + at, isWhole);
          const gradient = v128.load32_splat(toScores + load<i32>(order + k * 4) * laneBytes);
          slopes = madd(gradient, leakySlope(f32x4.add(target, source)), slopes);
        }
        const sum = madd(slopes, loadLanes(vector + at, isWhole), loadLanes(to + at, isWhole));
        storeLanes(to + at, sum, isWhole);
        at += isWhole ? fourBytes : f32Bytes;
      }
    }
  }
}

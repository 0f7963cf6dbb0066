/**
 * Largest values over the entries of each row of a sparse matrix, channel by channel: a readout. Where several entries
 * have the largest value they share the gradient, each in proportion to the entry's weight.
 */
import { f32Bytes, loadLanes, madd, storeLanes } from './vector';

/** Bytes of four float32 lanes. */
const laneBytes: i32 = 16;

/**
 * y_r = max of x[column_k] over the row's entries k, for the rows `begin` to `end`.
 *
 * @param offsets of the rows' entries, `[rows + 1]`
 * @param columns of the entries
 * @param x `[columns of the matrix, width]`
 * @param y `[rows, width]`, zero in rows without entries
 */
export function segmentMax(offsets: usize, columns: usize, x: usize, y: usize, width: i32, begin: i32, end: i32): void {
  const stride = width * f32Bytes;
  for (let row = begin; row < end; row++) {
    const to = y + row * stride;
    const first = columns + load<i32>(offsets + row * 4) * 4;
    const last = columns + load<i32>(offsets + row * 4, 4) * 4;
    if (first === last) {
      memory.fill(to, 0, stride);
      continue;
    }
    for (let at = 0; at < stride;) {
      const isWhole = at + laneBytes <= stride;
      let largest = loadLanes(x + load<i32>(first) * stride + at, isWhole);
      for (let k = first + 4; k < last; k += 4) {
        largest = f32x4.max(largest, loadLanes(x + load<i32>(k) * stride + at, isWhole));
      }
      storeLanes(to + at, largest, isWhole);
      at += isWhole ? laneBytes : f32Bytes;
    }
  }
}

/**
 * dy over the weight of all entries that have the largest value, for the rows `begin` to `end`.
 *
 * @param values weights of the entries
 * @param y as `segmentMax` made it, `[rows, width]`
 * @param shares `[rows, width]`
 */
export function segmentMaxShares(
  offsets: usize,
  columns: usize,
  values: usize,
  x: usize,
  y: usize,
  dy: usize,
  shares: usize,
  width: i32,
  begin: i32,
  end: i32,
): void {
  const stride = width * f32Bytes;
  for (let row = begin; row < end; row++) {
    const first = load<i32>(offsets + row * 4) * 4;
    const last = load<i32>(offsets + row * 4, 4) * 4;
    const from = row * stride;
    for (let at = 0; at < stride;) {
      const isWhole = at + laneBytes <= stride;
      const largest = loadLanes(y + from + at, isWhole);
      let weight = f32x4.splat(0);
      for (let k = first; k < last; k += 4) {
        const isLargest = f32x4.eq(loadLanes(x + load<i32>(columns + k) * stride + at, isWhole), largest);
        weight = f32x4.add(weight, v128.and(isLargest, v128.load32_splat(values + k)));
      }
      const share = f32x4.div(loadLanes(dy + from + at, isWhole), weight);
      storeLanes(shares + from + at, v128.and(share, f32x4.gt(weight, f32x4.splat(0))), isWhole);
      at += isWhole ? laneBytes : f32Bytes;
    }
  }
}

/**
 * Gradient of x for the rows `begin` to `end` of the transposed matrix.
 *
 * @param offsets of the transposed matrix's entries
 * @param columns of the transposed matrix's entries
 * @param values of the transposed matrix's entries
 * @param shares as `segmentMaxShares` made them
 * @param dx `[rows of the transposed matrix, width]`
 */
export function segmentMaxGradient(
  offsets: usize,
  columns: usize,
  values: usize,
  x: usize,
  y: usize,
  shares: usize,
  dx: usize,
  width: i32,
  begin: i32,
  end: i32,
): void {
  const stride = width * f32Bytes;
  for (let row = begin; row < end; row++) {
    const first = load<i32>(offsets + row * 4) * 4;
    const last = load<i32>(offsets + row * 4, 4) * 4;
    for (let at = 0; at < stride;) {
      const isWhole = at + laneBytes <= stride;
      const value = loadLanes(x + row * stride + at, isWhole);
      let sum = f32x4.splat(0);
      for (let k = first; k < last; k += 4) {
        const from = load<i32>(columns + k) * stride + at;
        const share = v128.and(loadLanes(shares + from, isWhole), f32x4.eq(loadLanes(y + from, isWhole), value));
        sum = madd(v128.load32_splat(values + k), share, sum);
      }
      storeLanes(dx + row * stride + at, sum, isWhole);
      at += isWhole ? laneBytes : f32Bytes;
    }
  }
}

/**
 * Sums over the rows of row-major float32 matrices, column by column. Rows are added up in float32 a block at a time,
 * blocks in float64, so that the error stays that of a block however many rows there are. The range of these kernels is
 * one of columns: every column is summed by one thread, in one order.
 */
import { f32Bytes } from './vector';

const rowBlock: i32 = 64;
const f64Bytes: i32 = 8;

/**
 * Sums of w x.
 *
 * @param x `[rows, columns]`
 * @param weights w of each row, `[rows]`, or 0 where all are 1
 * @param block room for `[columns]`
 * @param totals receives float64 sums, `[columns]`
 */
export function columnSums(
  x: usize,
  weights: usize,
  rows: i32,
  columns: i32,
  block: usize,
  totals: usize,
  begin: i32,
  end: i32,
): void {
  clear(totals, begin, end);
  for (let first = 0; first < rows; first += rowBlock) {
    memory.fill(block + begin * f32Bytes, 0, (end - begin) * f32Bytes);
    const last = min(first + rowBlock, rows);
    for (let row = first; row < last; row++) {
      const at = x + row * columns * f32Bytes;
      const weight: f32 = weights === 0 ? 1 : load<f32>(weights + row * f32Bytes);
      const w = f32x4.splat(weight);
      let j = begin;
      for (; j + 4 <= end; j += 4) {
        const sum = block + j * f32Bytes;
        v128.store(sum, f32x4.add(v128.load(sum), f32x4.mul(w, v128.load(at + j * f32Bytes))));
      }
      for (; j < end; j++) {
        const sum = block + j * f32Bytes;
        store<f32>(sum, load<f32>(sum) + weight * load<f32>(at + j * f32Bytes));
      }
    }
    addBlock(block, totals, begin, end);
  }
}

/**
 * Sums of w (x - mean)^2.
 *
 * @param mean `[columns]`
 */
export function columnSquares(
  x: usize,
  mean: usize,
  weights: usize,
  rows: i32,
  columns: i32,
  block: usize,
  totals: usize,
  begin: i32,
  end: i32,
): void {
  clear(totals, begin, end);
  for (let first = 0; first < rows; first += rowBlock) {
    memory.fill(block + begin * f32Bytes, 0, (end - begin) * f32Bytes);
    const last = min(first + rowBlock, rows);
    for (let row = first; row < last; row++) {
      const at = x + row * columns * f32Bytes;
      const weight: f32 = weights === 0 ? 1 : load<f32>(weights + row * f32Bytes);
      const w = f32x4.splat(weight);
      let j = begin;
      for (; j + 4 <= end; j += 4) {
        const sum = block + j * f32Bytes;
        const difference = f32x4.sub(v128.load(at + j * f32Bytes), v128.load(mean + j * f32Bytes));
        v128.store(sum, f32x4.add(v128.load(sum), f32x4.mul(w, f32x4.mul(difference, difference))));
      }
      for (; j < end; j++) {
        const sum = block + j * f32Bytes;
        const difference = load<f32>(at + j * f32Bytes) - load<f32>(mean + j * f32Bytes);
        store<f32>(sum, load<f32>(sum) + weight * (difference * difference));
      }
    }
    addBlock(block, totals, begin, end);
  }
}

/**
 * Sums of g and of g (z - mean), g being the gradient that passes a ReLU: dy where y > 0.
 *
 * @param block room for `[2, columns]`
 * @param totals receives float64 sums, `[2, columns]`
 */
export function normGradientSums(
  dy: usize,
  y: usize,
  z: usize,
  mean: usize,
  rows: i32,
  columns: i32,
  block: usize,
  totals: usize,
  begin: i32,
  end: i32,
): void {
  const products = block + columns * f32Bytes;
  const productTotals = totals + columns * f64Bytes;
  clear(totals, begin, end);
  clear(productTotals, begin, end);
  const zero = f32x4.splat(0);
  for (let first = 0; first < rows; first += rowBlock) {
    memory.fill(block + begin * f32Bytes, 0, (end - begin) * f32Bytes);
    memory.fill(products + begin * f32Bytes, 0, (end - begin) * f32Bytes);
    const last = min(first + rowBlock, rows);
    for (let row = first; row < last; row++) {
      const at = row * columns * f32Bytes;
      let j = begin;
      for (; j + 4 <= end; j += 4) {
        const offset = j * f32Bytes;
        const g = v128.and(v128.load(dy + at + offset), f32x4.gt(v128.load(y + at + offset), zero));
        const difference = f32x4.sub(v128.load(z + at + offset), v128.load(mean + offset));
        v128.store(block + offset, f32x4.add(v128.load(block + offset), g));
        v128.store(products + offset, f32x4.add(v128.load(products + offset), f32x4.mul(g, difference)));
      }
      for (; j < end; j++) {
        const offset = j * f32Bytes;
        if (!(load<f32>(y + at + offset) > 0)) continue;
        const g = load<f32>(dy + at + offset);
        const difference = load<f32>(z + at + offset) - load<f32>(mean + offset);
        store<f32>(block + offset, load<f32>(block + offset) + g);
        store<f32>(products + offset, load<f32>(products + offset) + g * difference);
      }
    }
    addBlock(block, totals, begin, end);
    addBlock(products, productTotals, begin, end);
  }
}

function clear(totals: usize, begin: i32, end: i32): void {
  memory.fill(totals + begin * f64Bytes, 0, (end - begin) * f64Bytes);
}

function addBlock(block: usize, totals: usize, begin: i32, end: i32): void {
  for (let j = begin; j < end; j++) {
    const total = totals + j * f64Bytes;
    store<f64>(total, load<f64>(total) + f64(load<f32>(block + j * f32Bytes)));
  }
}

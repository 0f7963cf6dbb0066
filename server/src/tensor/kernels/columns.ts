/**
 * Sums over the rows of row-major float32 matrices, column by column, with float64 totals. The range of these kernels is
 * one of columns: every column is summed by one thread, in one order. A few columns at a time are summed in registers
 * over a block of rows that stays in the L1 cache until all columns have been through it.
 */
import { f32Bytes, f64Bytes, highHalf, madd, maddScalar } from './vector';

const rowBlock: i32 = 64;

/**
 * Sums of x.
 *
 * @param x `[rows, columns]`
 * @param totals receives float64 sums, `[columns]`
 */
export function columnSums(x: usize, rows: i32, columns: i32, totals: usize, begin: i32, end: i32): void {
  memory.fill(totals + begin * f64Bytes, 0, (end - begin) * f64Bytes);
  const stride = columns * f32Bytes;
  for (let first = 0; first < rows; first += rowBlock) {
    const height = min(rowBlock, rows - first);
    const block = x + first * stride;
    let j = begin;
    for (; j + 4 <= end; j += 4) sum4(block + j * f32Bytes, height, stride, totals + j * f64Bytes);
    for (; j < end; j++) sum1(block + j * f32Bytes, height, stride, totals + j * f64Bytes);
  }
}

function sum4(x: usize, height: i32, stride: i32, total: usize): void {
  let low = v128.load(total);
  let high = v128.load(total, 16);
  for (let row = 0; row < height; row++) {
    const value = v128.load(x);
    low = f64x2.add(low, f64x2.promote_low_f32x4(value));
    high = f64x2.add(high, f64x2.promote_low_f32x4(highHalf(value)));
    x += stride;
  }
  v128.store(total, low);
  v128.store(total, high, 16);
}

function sum1(x: usize, height: i32, stride: i32, total: usize): void {
  let sum = load<f64>(total);
  for (let row = 0; row < height; row++) {
    sum += f64(load<f32>(x));
    x += stride;
  }
  store<f64>(total, sum);
}

/**
 * Sums of w x and of w x^2.
 *
 * @param x `[rows, columns]`
 * @param weights w of each row, `[rows]`
 * @param totals receives float64 sums, `[2, columns]`
 */
export function columnMoments(
  x: usize,
  weights: usize,
  rows: i32,
  columns: i32,
  totals: usize,
  begin: i32,
  end: i32,
): void {
  const squares = totals + columns * f64Bytes;
  memory.fill(totals + begin * f64Bytes, 0, (end - begin) * f64Bytes);
  memory.fill(squares + begin * f64Bytes, 0, (end - begin) * f64Bytes);
  const stride = columns * f32Bytes;
  for (let first = 0; first < rows; first += rowBlock) {
    const height = min(rowBlock, rows - first);
    const block = x + first * stride;
    const w = weights + first * f32Bytes;
    let j = begin;
    for (; j + 4 <= end; j += 4) {
      moments4(block + j * f32Bytes, w, height, stride, totals + j * f64Bytes, squares + j * f64Bytes);
    }
    for (; j < end; j++) {
      moments1(block + j * f32Bytes, w, height, stride, totals + j * f64Bytes, squares + j * f64Bytes);
    }
  }
}

function moments4(x: usize, weights: usize, height: i32, stride: i32, total: usize, squares: usize): void {
  let low = v128.load(total);
  let high = v128.load(total, 16);
  let lowSquares = v128.load(squares);
  let highSquares = v128.load(squares, 16);
  for (let row = 0; row < height; row++) {
    const value = v128.load(x);
    const w = f64x2.promote_low_f32x4(v128.load32_splat(weights));
    const lowValue = f64x2.promote_low_f32x4(value);
    const highValue = f64x2.promote_low_f32x4(highHalf(value));
    const lowTerm = f64x2.mul(w, lowValue);
    const highTerm = f64x2.mul(w, highValue);
    low = f64x2.add(low, lowTerm);
    high = f64x2.add(high, highTerm);
    lowSquares = f64x2.add(lowSquares, f64x2.mul(lowTerm, lowValue));
    highSquares = f64x2.add(highSquares, f64x2.mul(highTerm, highValue));
    x += stride;
    weights += f32Bytes;
  }
  v128.store(total, low);
  v128.store(total, high, 16);
  v128.store(squares, lowSquares);
  v128.store(squares, highSquares, 16);
}

function moments1(x: usize, weights: usize, height: i32, stride: i32, total: usize, squares: usize): void {
  let sum = load<f64>(total);
  let sumOfSquares = load<f64>(squares);
  for (let row = 0; row < height; row++) {
    const value = f64(load<f32>(x));
    const term = f64(load<f32>(weights)) * value;
    sum += term;
    sumOfSquares += term * value;
    x += stride;
    weights += f32Bytes;
  }
  store<f64>(total, sum);
  store<f64>(squares, sumOfSquares);
}

/**
 * Sums of g and of g (z - mean), g being the gradient that passes a ReLU: dy where factor z + offset > 0, computed as
 * `normRelu` computed it. A block of rows is summed in float32, blocks in float64.
 *
 * @param constants factor, offset and mean, `[3, columns]`
 * @param totals receives float64 sums, `[2, columns]`
 */
export function normGradientSums(
  dy: usize,
  z: usize,
  constants: usize,
  rows: i32,
  columns: i32,
  totals: usize,
  begin: i32,
  end: i32,
): void {
  const products = totals + columns * f64Bytes;
  memory.fill(totals + begin * f64Bytes, 0, (end - begin) * f64Bytes);
  memory.fill(products + begin * f64Bytes, 0, (end - begin) * f64Bytes);
  const stride = columns * f32Bytes;
  for (let first = 0; first < rows; first += rowBlock) {
    const height = min(rowBlock, rows - first);
    const at = first * stride;
    let j = begin;
    for (; j + 4 <= end; j += 4) {
      const column = j * f32Bytes;
      const total = totals + j * f64Bytes;
      gradients4(dy + at + column, z + at + column, constants + column, height, stride, total, products + j * f64Bytes);
    }
    for (; j < end; j++) {
      const column = j * f32Bytes;
      const total = totals + j * f64Bytes;
      gradients1(dy + at + column, z + at + column, constants + column, height, stride, total, products + j * f64Bytes);
    }
  }
}

function gradients4(
  dy: usize,
  z: usize,
  constants: usize,
  height: i32,
  stride: i32,
  total: usize,
  products: usize,
): void {
  const zero = f32x4.splat(0);
  const factor = v128.load(constants);
  const offset = v128.load(constants + stride);
  const mean = v128.load(constants + 2 * stride);
  let sum = zero;
  let product = zero;
  for (let row = 0; row < height; row++) {
    const value = v128.load(z);
    const g = v128.and(v128.load(dy), f32x4.gt(madd(value, factor, offset), zero));
    sum = f32x4.add(sum, g);
    product = madd(g, f32x4.sub(value, mean), product);
    dy += stride;
    z += stride;
  }
  addTo(total, sum);
  addTo(products, product);
}

function addTo(total: usize, values: v128): void {
  v128.store(total, f64x2.add(v128.load(total), f64x2.promote_low_f32x4(values)));
  v128.store(total, f64x2.add(v128.load(total, 16), f64x2.promote_low_f32x4(highHalf(values))), 16);
}

function gradients1(
  dy: usize,
  z: usize,
  constants: usize,
  height: i32,
  stride: i32,
  total: usize,
  products: usize,
): void {
  const factor = load<f32>(constants);
  const offset = load<f32>(constants + stride);
  const mean = load<f32>(constants + 2 * stride);
  let sum: f32 = 0;
  let product: f32 = 0;
  for (let row = 0; row < height; row++) {
    const value = load<f32>(z);
    if (maddScalar(value, factor, offset) > 0) {
      const g = load<f32>(dy);
      sum += g;
      product = maddScalar(g, value - mean, product);
    }
    dy += stride;
    z += stride;
  }
  store<f64>(total, load<f64>(total) + f64(sum));
  store<f64>(products, load<f64>(products) + f64(product));
}

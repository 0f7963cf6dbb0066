/**
 * Sums over the rows of row-major float32 matrices, column by column, and BatchNorm, which is made of them. The range of
 * these kernels is one of columns: every column is summed by one thread, in one order. A few columns at a time, a strip,
 * are summed in registers over a block of rows that stays in the L1 cache until all strips have been through it.
 */
import { f32Bytes, f64Bytes, highHalf, loadLanes, madd } from './vector';

/** Rows of a block. What is summed in float32 is so over a block alone, and blocks in float64. */
const rowBlock: i32 = 64;
/** Bytes of four float32 and of four float64 lanes. */
const fourFloats: i32 = 16;
const fourDoubles: i32 = 32;

/** Columns of the strip that begins at column j: eight, four or one. */
function stripColumns(j: i32, end: i32): i32 {
  return end - j >= 8 ? 8 : end - j >= 4 ? 4 : 1;
}

/** Adds four lanes, or the first alone, to float64 totals. */
function addTo(total: usize, values: v128, isWhole: boolean): void {
  const low = f64x2.promote_low_f32x4(values);
  if (isWhole) {
    v128.store(total, f64x2.add(v128.load(total), low));
    v128.store(total, f64x2.add(v128.load(total, 16), f64x2.promote_low_f32x4(highHalf(values))), 16);
  } else {
    store<f64>(total, load<f64>(total) + f64x2.extract_lane(low, 0));
  }
}

function clear(totals: usize, begin: i32, end: i32): void {
  memory.fill(totals + begin * f64Bytes, 0, (end - begin) * f64Bytes);
}

/**
 * Sums of x.
 *
 * @param x `[rows, columns]`
 * @param totals receives float64 sums, `[columns]`
 */
export function columnSums(x: usize, rows: i32, columns: i32, totals: usize, begin: i32, end: i32): void {
  clear(totals, begin, end);
  const stride = columns * f32Bytes;
  for (let first = 0; first < rows; first += rowBlock) {
    const height = min(rowBlock, rows - first);
    for (let j = begin, width = 0; j < end; j += width) {
      width = min(4, stripColumns(j, end));
      sumStrip(x + first * stride + j * f32Bytes, height, stride, totals + j * f64Bytes, width === 4);
    }
  }
}

/** Adds sums of x, in float64 from the first addition on. */
function sumStrip(x: usize, height: i32, stride: i32, total: usize, isWhole: boolean): void {
  if (!isWhole) {
    let sum = load<f64>(total);
    for (let row = 0; row < height; row++) sum += f64(load<f32>(x + row * stride));
    store<f64>(total, sum);
    return;
  }
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

/**
 * BatchNorm with the statistics of the batch, as a factor and an offset per column.
 *
 * @param z `[rows, columns]`, at least one row
 * @param weights how many each row stands for, `[rows]`
 * @param count sum of the weights
 * @param gamma `[columns]`
 * @param beta `[columns]`
 * @param epsilon added to variances
 * @param totals room for float64 sums, `[2, columns]`
 * @param norm receives factor, offset, mean and variance, `[4, columns]`
 */
export function columnNorm(
  z: usize,
  weights: usize,
  rows: i32,
  columns: i32,
  count: f64,
  gamma: usize,
  beta: usize,
  epsilon: f64,
  totals: usize,
  norm: usize,
  begin: i32,
  end: i32,
): void {
  const stride = columns * f32Bytes;
  const squares = totals + columns * f64Bytes;
  const pivots = norm + 2 * stride;
  const variances = norm + 3 * stride;
  setPivots(z, min(rows, rowBlock), columns, totals, pivots, begin, end);
  clear(totals, begin, end);
  clear(squares, begin, end);
  for (let first = 0; first < rows; first += rowBlock) {
    const height = min(rowBlock, rows - first);
    const block = z + first * stride;
    const w = weights + first * f32Bytes;
    for (let j = begin, width = 0; j < end; j += width) {
      width = stripColumns(j, end);
      const column = j * f32Bytes;
      const total = j * f64Bytes;
      momentStrip(block + column, w, height, stride, pivots + column, totals + total, squares + total, width);
    }
  }
  for (let j = begin; j < end; j++) {
    const column = j * f32Bytes;
    const shift = load<f64>(totals + j * f64Bytes) / count;
    const mean = f64(load<f32>(pivots + column)) + shift;
    const variance = f32(max<f64>(0, load<f64>(squares + j * f64Bytes) / count - shift * shift));
    const factor = f32(f64(load<f32>(gamma + column)) * inverseDeviation(variance, epsilon));
    store<f32>(norm + column, factor);
    store<f32>(norm + stride + column, f32(f64(load<f32>(beta + column)) - mean * f64(factor)));
    store<f32>(pivots + column, f32(mean));
    store<f32>(variances + column, variance);
  }
}

function inverseDeviation(variance: f32, epsilon: f64): f64 {
  return 1 / sqrt<f64>(f64(variance) + epsilon);
}

/** Numbers near the means, which moments are taken about so that float32 is exact enough: the means of the first rows. */
function setPivots(z: usize, height: i32, columns: i32, totals: usize, pivots: usize, begin: i32, end: i32): void {
  columnSums(z, height, columns, totals, begin, end);
  for (let j = begin; j < end; j++) {
    store<f32>(pivots + j * f32Bytes, f32(load<f64>(totals + j * f64Bytes) / f64(height)));
  }
}

/** Adds sums of w (x - pivot) and of w (x - pivot)^2. */
function momentStrip(
  x: usize,
  weights: usize,
  height: i32,
  stride: i32,
  pivots: usize,
  totals: usize,
  squares: usize,
  width: i32,
): void {
  const isWhole = width >= 4;
  // Where the strip has no right half, the left one is summed twice.
  const right = width === 8 ? fourFloats : 0;
  const leftPivot = loadLanes(pivots, isWhole);
  const rightPivot = loadLanes(pivots + right, isWhole);
  let leftSum = f32x4.splat(0);
  let rightSum = f32x4.splat(0);
  let leftSquare = f32x4.splat(0);
  let rightSquare = f32x4.splat(0);
  for (let row = 0; row < height; row++) {
    const w = v128.load32_splat(weights);
    const leftValue = f32x4.sub(loadLanes(x, isWhole), leftPivot);
    const leftTerm = f32x4.mul(w, leftValue);
    leftSum = f32x4.add(leftSum, leftTerm);
    leftSquare = madd(leftTerm, leftValue, leftSquare);
    const rightValue = f32x4.sub(loadLanes(x + right, isWhole), rightPivot);
    const rightTerm = f32x4.mul(w, rightValue);
    rightSum = f32x4.add(rightSum, rightTerm);
    rightSquare = madd(rightTerm, rightValue, rightSquare);
    x += stride;
    weights += f32Bytes;
  }
  addTo(totals, leftSum, isWhole);
  addTo(squares, leftSquare, isWhole);
  if (right !== 0) {
    addTo(totals + fourDoubles, rightSum, true);
    addTo(squares + fourDoubles, rightSquare, true);
  }
}

/**
 * Gradients of gamma and beta, and what `normGradient` takes off each row, where y = ReLU(gamma n + beta) and
 * n = (z - mean) / sqrt(var + eps). With g the part of dy that passes the ReLU, N rows in all, and f the factor:
 * dbeta = sum(g), dgamma = sum(g n), and the pulls are f dbeta / N and f dgamma / (N sqrt(var + eps)).
 *
 * @param norm as `columnNorm` made it
 * @param totals room for float64 sums, `[2, columns]`
 * @param pulls `[2, columns]`
 */
export function columnNormGradient(
  dy: usize,
  z: usize,
  rows: i32,
  columns: i32,
  count: f64,
  norm: usize,
  epsilon: f64,
  totals: usize,
  dGamma: usize,
  dBeta: usize,
  pulls: usize,
  begin: i32,
  end: i32,
): void {
  const stride = columns * f32Bytes;
  const products = totals + columns * f64Bytes;
  clear(totals, begin, end);
  clear(products, begin, end);
  for (let first = 0; first < rows; first += rowBlock) {
    const height = min(rowBlock, rows - first);
    const at = first * stride;
    for (let j = begin, width = 0; j < end; j += width) {
      width = stripColumns(j, end);
      const column = j * f32Bytes;
      const total = j * f64Bytes;
      const place = at + column;
      gradientStrip(dy + place, z + place, norm + column, height, stride, totals + total, products + total, width);
    }
  }
  for (let j = begin; j < end; j++) {
    const column = j * f32Bytes;
    const factor = f64(load<f32>(norm + column));
    const inverse = inverseDeviation(load<f32>(norm + 3 * stride + column), epsilon);
    const sum = load<f64>(totals + j * f64Bytes);
    const correlation = load<f64>(products + j * f64Bytes) * inverse;
    store<f32>(dGamma + column, f32(correlation));
    store<f32>(dBeta + column, f32(sum));
    store<f32>(pulls + column, f32((factor * sum) / count));
    store<f32>(pulls + stride + column, f32((factor * inverse * correlation) / count));
  }
}

/** Adds sums of g and of g (z - mean), g being dy where factor z + offset > 0, computed as `normRelu` computed it. */
function gradientStrip(
  dy: usize,
  z: usize,
  norm: usize,
  height: i32,
  stride: i32,
  totals: usize,
  products: usize,
  width: i32,
): void {
  const isWhole = width >= 4;
  // Where the strip has no right half, the left one is summed twice.
  const right = width === 8 ? fourFloats : 0;
  const zero = f32x4.splat(0);
  const leftFactor = loadLanes(norm, isWhole);
  const leftOffset = loadLanes(norm + stride, isWhole);
  const leftMean = loadLanes(norm + 2 * stride, isWhole);
  const rightFactor = loadLanes(norm + right, isWhole);
  const rightOffset = loadLanes(norm + stride + right, isWhole);
  const rightMean = loadLanes(norm + 2 * stride + right, isWhole);
  let leftSum = zero;
  let rightSum = zero;
  let leftProduct = zero;
  let rightProduct = zero;
  for (let row = 0; row < height; row++) {
    const leftValue = loadLanes(z, isWhole);
    const leftPasses = f32x4.gt(madd(leftValue, leftFactor, leftOffset), zero);
    const leftGradient = v128.and(loadLanes(dy, isWhole), leftPasses);
    leftSum = f32x4.add(leftSum, leftGradient);
    leftProduct = madd(leftGradient, f32x4.sub(leftValue, leftMean), leftProduct);
    const rightValue = loadLanes(z + right, isWhole);
    const rightPasses = f32x4.gt(madd(rightValue, rightFactor, rightOffset), zero);
    const rightGradient = v128.and(loadLanes(dy + right, isWhole), rightPasses);
    rightSum = f32x4.add(rightSum, rightGradient);
    rightProduct = madd(rightGradient, f32x4.sub(rightValue, rightMean), rightProduct);
    dy += stride;
    z += stride;
  }
  addTo(totals, leftSum, isWhole);
  addTo(products, leftProduct, isWhole);
  if (right !== 0) {
    addTo(totals + fourDoubles, rightSum, true);
    addTo(products + fourDoubles, rightProduct, true);
  }
}

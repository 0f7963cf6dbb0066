/** What lies between two matrix products of a layer: BatchNorm and ReLU, forward and backward, row by row. */
import { f32Bytes, madd, maddScalar } from './vector';

/** Bytes of four float32 lanes. */
const fourBytes: i32 = 16;

/**
 * y = min(max(factor z + offset, 0), upper) for the rows `begin` to `end`.
 *
 * @param z `[rows, columns]`
 * @param factor `[columns]`, or 0 for ones
 * @param offset `[columns]`, or 0 for zeros where there is no factor either
 * @param upper `[columns]`, or 0 for no bound
 * @param y `[rows, columns]`; may be z
 */
export function normRelu(
  z: usize,
  factor: usize,
  offset: usize,
  upper: usize,
  y: usize,
  columns: i32,
  begin: i32,
  end: i32,
): void {
  const stride = columns * f32Bytes;
  for (let row = begin; row < end; row++) {
    const at = row * stride;
    let column = 0;
    for (; column + fourBytes <= stride; column += fourBytes) {
      let value = v128.load(z + at + column);
      if (factor !== 0) value = madd(value, v128.load(factor + column), v128.load(offset + column));
      else if (offset !== 0) value = f32x4.add(value, v128.load(offset + column));
      // One instruction each, where `max` and `min` are nine.
      value = f32x4.pmax(value, f32x4.splat(0));
      if (upper !== 0) value = f32x4.pmin(value, v128.load(upper + column));
      v128.store(y + at + column, value);
    }
    for (; column < stride; column += f32Bytes) {
      let value = load<f32>(z + at + column);
      if (factor !== 0) value = maddScalar(value, load<f32>(factor + column), load<f32>(offset + column));
      else if (offset !== 0) value += load<f32>(offset + column);
      value = max<f32>(value, 0);
      if (upper !== 0) value = min<f32>(value, load<f32>(upper + column));
      store<f32>(y + at + column, value);
    }
  }
}

/**
 * dz = factor g - w (pull + steep pull (z - mean)) for the rows `begin` to `end`, g being dy where factor z + offset > 0:
 * the gradient of BatchNorm with the statistics of the batch.
 *
 * @param norm as `columnNorm` made it: factor, offset and mean, `[4, columns]`
 * @param pulls as `columnNormGradient` made them, `[2, columns]`
 * @param weights w of each row, `[rows]`
 */
export function normGradient(
  dy: usize,
  z: usize,
  norm: usize,
  pulls: usize,
  weights: usize,
  dz: usize,
  columns: i32,
  begin: i32,
  end: i32,
): void {
  const stride = columns * f32Bytes;
  for (let row = begin; row < end; row++) {
    const at = row * stride;
    const weight = load<f32>(weights + row * f32Bytes);
    const w = f32x4.splat(weight);
    let column = 0;
    for (; column + fourBytes <= stride; column += fourBytes) {
      const ofColumn = norm + column;
      const factor = v128.load(ofColumn);
      const value = v128.load(z + at + column);
      const passes = f32x4.gt(madd(value, factor, v128.load(ofColumn + stride)), f32x4.splat(0));
      const difference = f32x4.sub(value, v128.load(ofColumn + 2 * stride));
      const own = f32x4.mul(factor, v128.and(v128.load(dy + at + column), passes));
      const pull = madd(v128.load(pulls + stride + column), difference, v128.load(pulls + column));
      v128.store(dz + at + column, f32x4.sub(own, f32x4.mul(w, pull)));
    }
    for (; column < stride; column += f32Bytes) {
      const ofColumn = norm + column;
      const factor = load<f32>(ofColumn);
      const value = load<f32>(z + at + column);
      const passes = maddScalar(value, factor, load<f32>(ofColumn + stride)) > 0;
      const g: f32 = passes ? load<f32>(dy + at + column) : 0;
      const difference = value - load<f32>(ofColumn + 2 * stride);
      const pull = maddScalar(load<f32>(pulls + stride + column), difference, load<f32>(pulls + column));
      store<f32>(dz + at + column, factor * g - weight * pull);
    }
  }
}

/**
 * dz = dy where 0 < y < upper, or where y < upper, else 0, for the rows `begin` to `end`.
 *
 * @param relu whether zero is a bound: 1 or 0
 * @param upper `[columns]`, or 0 for no bound
 */
export function boundGradient(
  dy: usize,
  y: usize,
  relu: i32,
  upper: usize,
  dz: usize,
  columns: i32,
  begin: i32,
  end: i32,
): void {
  const stride = columns * f32Bytes;
  const floor: f32 = relu !== 0 ? 0 : -Infinity;
  for (let row = begin; row < end; row++) {
    const at = row * stride;
    let column = 0;
    for (; column + fourBytes <= stride; column += fourBytes) {
      const value = v128.load(y + at + column);
      let passes = f32x4.gt(value, f32x4.splat(floor));
      if (upper !== 0) passes = v128.and(passes, f32x4.lt(value, v128.load(upper + column)));
      v128.store(dz + at + column, v128.and(v128.load(dy + at + column), passes));
    }
    for (; column < stride; column += f32Bytes) {
      const value = load<f32>(y + at + column);
      const passes = value > floor && (upper === 0 || value < load<f32>(upper + column));
      store<f32>(dz + at + column, passes ? load<f32>(dy + at + column) : 0);
    }
  }
}

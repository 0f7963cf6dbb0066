/** What lies between two matrix products of a layer: BatchNorm and ReLU, forward and backward, row by row. */
import { f32Bytes, madd, maddScalar } from './vector';

/**
 * y = min(max(factor z + offset, 0), upper) for the rows `begin` to `end`.
 *
 * @param z `[rows, columns]`
 * @param factor `[columns]`
 * @param offset `[columns]`
 * @param upper `[columns]`, or 0 for no bound
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
  const zero = f32x4.splat(0);
  for (let row = begin; row < end; row++) {
    const at = row * columns * f32Bytes;
    let j = 0;
    for (; j + 4 <= columns; j += 4) {
      const column = j * f32Bytes;
      let value = madd(v128.load(z + at + column), v128.load(factor + column), v128.load(offset + column));
      value = f32x4.max(value, zero);
      if (upper !== 0) value = f32x4.min(value, v128.load(upper + column));
      v128.store(y + at + column, value);
    }
    for (; j < columns; j++) {
      const column = j * f32Bytes;
      let value = maddScalar(load<f32>(z + at + column), load<f32>(factor + column), load<f32>(offset + column));
      value = max<f32>(value, 0);
      if (upper !== 0) value = min<f32>(value, load<f32>(upper + column));
      store<f32>(y + at + column, value);
    }
  }
}

/**
 * dz = a g - w (b + c (z - mean)) for the rows `begin` to `end`, g being dy where factor z + offset > 0: the gradient of
 * BatchNorm with the statistics of the batch, whose sums have gone into the constants.
 *
 * @param constants factor, offset, mean, a, b and c, `[6, columns]`
 * @param weights w of each row, `[rows]`
 */
export function normGradient(
  dy: usize,
  z: usize,
  constants: usize,
  weights: usize,
  dz: usize,
  columns: i32,
  begin: i32,
  end: i32,
): void {
  const stride = columns * f32Bytes;
  const zero = f32x4.splat(0);
  for (let row = begin; row < end; row++) {
    const at = row * stride;
    const weight = load<f32>(weights + row * f32Bytes);
    const w = f32x4.splat(weight);
    let j = 0;
    for (; j + 4 <= columns; j += 4) {
      const constant = constants + j * f32Bytes;
      const place = at + j * f32Bytes;
      const value = v128.load(z + place);
      const passes = f32x4.gt(madd(value, v128.load(constant), v128.load(constant + stride)), zero);
      const difference = f32x4.sub(value, v128.load(constant + 2 * stride));
      const own = f32x4.mul(v128.load(constant + 3 * stride), v128.and(v128.load(dy + place), passes));
      const pull = madd(v128.load(constant + 5 * stride), difference, v128.load(constant + 4 * stride));
      v128.store(dz + place, f32x4.sub(own, f32x4.mul(w, pull)));
    }
    for (; j < columns; j++) {
      const constant = constants + j * f32Bytes;
      const place = at + j * f32Bytes;
      const value = load<f32>(z + place);
      const passes = maddScalar(value, load<f32>(constant), load<f32>(constant + stride)) > 0;
      const g: f32 = passes ? load<f32>(dy + place) : 0;
      const difference = value - load<f32>(constant + 2 * stride);
      const pull = maddScalar(load<f32>(constant + 5 * stride), difference, load<f32>(constant + 4 * stride));
      store<f32>(dz + place, load<f32>(constant + 3 * stride) * g - weight * pull);
    }
  }
}

/**
 * dz = dy where 0 < y < upper, else 0, for the rows `begin` to `end`.
 *
 * @param upper `[columns]`, or 0 for no bound
 */
export function reluGradient(dy: usize, y: usize, upper: usize, dz: usize, columns: i32, begin: i32, end: i32): void {
  const zero = f32x4.splat(0);
  for (let row = begin; row < end; row++) {
    const at = row * columns * f32Bytes;
    let j = 0;
    for (; j + 4 <= columns; j += 4) {
      const column = j * f32Bytes;
      const value = v128.load(y + at + column);
      let passes = f32x4.gt(value, zero);
      if (upper !== 0) passes = v128.and(passes, f32x4.lt(value, v128.load(upper + column)));
      v128.store(dz + at + column, v128.and(v128.load(dy + at + column), passes));
    }
    for (; j < columns; j++) {
      const column = j * f32Bytes;
      const value = load<f32>(y + at + column);
      const passes = value > 0 && (upper === 0 || value < load<f32>(upper + column));
      store<f32>(dz + at + column, passes ? load<f32>(dy + at + column) : 0);
    }
  }
}

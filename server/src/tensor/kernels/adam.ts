/**
 * Steps of Adam (Kingma & Ba 2015) on all variables of a model at once. Variables are cut into parts, which a table
 * lists: five 32-bit numbers each, namely the addresses of weights, gradient, means and squares, and their length.
 */
import { f32Bytes, f64Bytes } from './vector';

const entryBytes: i32 = 20;
const laneBytes: i32 = 16;

/**
 * Sums of squared gradients of the parts `begin` to `end`.
 *
 * @param sums `[parts]`, float64
 */
export function gradientSquares(table: usize, sums: usize, begin: i32, end: i32): void {
  for (let part = begin; part < end; part++) {
    const entry = table + part * entryBytes;
    let at = load<usize>(entry, 4);
    const last = at + load<i32>(entry, 16) * f32Bytes;
    let left = f64x2.splat(0);
    let right = f64x2.splat(0);
    for (; at + laneBytes <= last; at += laneBytes) {
      const low = f64x2.promote_low_f32x4(v128.load64_zero(at));
      const high = f64x2.promote_low_f32x4(v128.load64_zero(at, 8));
      left = f64x2.add(left, f64x2.mul(low, low));
      right = f64x2.add(right, f64x2.mul(high, high));
    }
    left = f64x2.add(left, right);
    let sum = f64x2.extract_lane(left, 0) + f64x2.extract_lane(left, 1);
    for (; at < last; at += f32Bytes) {
      const g = f64(load<f32>(at));
      sum += g * g;
    }
    store<f64>(sums + part * f64Bytes, sum);
  }
}

/**
 * Moves the parts `begin` to `end` in place, with g = scale * gradient:
 * mean += (g - mean) meanRate, square += (g^2 - square) squareRate, w -= stepSize mean / (sqrt(square) / root + epsilon).
 */
export function adamStep(
  table: usize,
  scale: f32,
  meanRate: f32,
  squareRate: f32,
  stepSize: f32,
  root: f32,
  epsilon: f32,
  begin: i32,
  end: i32,
): void {
  for (let part = begin; part < end; part++) {
    const entry = table + part * entryBytes;
    const weights = load<usize>(entry);
    const gradient = load<usize>(entry, 4);
    const means = load<usize>(entry, 8);
    const squares = load<usize>(entry, 12);
    const bytes = load<i32>(entry, 16) * f32Bytes;
    let i = 0;
    for (; i + laneBytes <= bytes; i += laneBytes) {
      const g = f32x4.mul(v128.load(gradient + i), f32x4.splat(scale));
      let mean = v128.load(means + i);
      mean = f32x4.add(mean, f32x4.mul(f32x4.sub(g, mean), f32x4.splat(meanRate)));
      let square = v128.load(squares + i);
      square = f32x4.add(square, f32x4.mul(f32x4.sub(f32x4.mul(g, g), square), f32x4.splat(squareRate)));
      const size = f32x4.add(f32x4.div(f32x4.sqrt(square), f32x4.splat(root)), f32x4.splat(epsilon));
      const move = f32x4.div(f32x4.mul(mean, f32x4.splat(stepSize)), size);
      v128.store(means + i, mean);
      v128.store(squares + i, square);
      v128.store(weights + i, f32x4.sub(v128.load(weights + i), move));
    }
    for (; i < bytes; i += f32Bytes) {
      const g = load<f32>(gradient + i) * scale;
      let mean = load<f32>(means + i);
      mean += (g - mean) * meanRate;
      let square = load<f32>(squares + i);
      square += (g * g - square) * squareRate;
      store<f32>(means + i, mean);
      store<f32>(squares + i, square);
      const size = sqrt<f32>(square) / root + epsilon;
      store<f32>(weights + i, load<f32>(weights + i) - (mean * stepSize) / size);
    }
  }
}

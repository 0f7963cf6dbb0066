/** Cross-entropy on logits, its value and its slope in one pass. */
import { exp, log } from './exponential';
import { f32Bytes, f64Bytes } from './vector';

/**
 * For each of the rows `begin` to `end`, with p = softmax(x): value -w sum_c t_c log p_c and slope
 * w (p_c sum_c t_c - t_c), which is its derivative by x_c.
 *
 * @param x `[rows, columns]`, at least one column
 * @param targets t, `[rows, columns]`, or 0 where `classes` is given
 * @param classes int32 column that has t = 1 while the others have 0, `[rows]`, or 0 where `targets` is given
 * @param weights `[rows]`, or 0 where all are 1
 * @param scale w = scale * weight
 * @param smallest if positive, w sum_c t_c log t_c is added to the value, t_c being at least this in the logarithm
 * @param values float64, `[rows]`
 * @param slopes `[rows, columns]`
 */
export function crossEntropyRows(
  x: usize,
  columns: i32,
  targets: usize,
  classes: usize,
  weights: usize,
  scale: f64,
  smallest: f64,
  values: usize,
  slopes: usize,
  begin: i32,
  end: i32,
): void {
  for (let row = begin; row < end; row++) {
    const offset = row * columns;
    const at = x + offset * f32Bytes;
    const wanted = targets + offset * f32Bytes;
    const slope = slopes + offset * f32Bytes;
    const chosen = classes === 0 ? -1 : load<i32>(classes + row * f32Bytes);
    const weight: f64 = weights === 0 ? scale : scale * f64(load<f32>(weights + row * f32Bytes));
    let largest = load<f32>(at);
    for (let c = 1; c < columns; c++) largest = max<f32>(largest, load<f32>(at + c * f32Bytes));
    let sum: f64 = 0;
    for (let c = 0; c < columns; c++) {
      const power = exponential(f64(load<f32>(at + c * f32Bytes)) - f64(largest));
      sum += power;
      store<f32>(slope + c * f32Bytes, f32(power));
    }
    const logSum = logarithm(sum);
    let mass: f64 = 0;
    let value: f64 = 0;
    for (let c = 0; c < columns; c++) {
      const t = target(wanted, classes, chosen, c);
      mass += t;
      value += t * (logSum - (f64(load<f32>(at + c * f32Bytes)) - f64(largest)));
      if (smallest > 0) value += t * logarithm(max(t, smallest));
    }
    store<f64>(values + row * f64Bytes, weight * value);
    for (let c = 0; c < columns; c++) {
      const share = f64(load<f32>(slope + c * f32Bytes)) / sum;
      store<f32>(slope + c * f32Bytes, f32(weight * (share * mass - target(wanted, classes, chosen, c))));
    }
  }
}

function target(wanted: usize, classes: usize, chosen: i32, column: i32): f64 {
  if (classes === 0) return f64(load<f32>(wanted + column * f32Bytes));
  return chosen === column ? 1 : 0;
}

function exponential(x: f64): f64 {
  return f64x2.extract_lane(exp(f64x2.splat(x)), 0);
}

function logarithm(x: f64): f64 {
  return f64x2.extract_lane(log(f64x2.splat(x)), 0);
}

/**
 * Attention maps of layers: energies of rows, weighed by a sparse matrix and brought to unit norm graph by graph.
 * Energies are float64 until the norm is taken off, because those of a high power overflow float32; p = 1 and p = 2 do
 * without it within a row.
 */
import { exp, log } from './exponential';
import { horizontalSum } from './sums';
import { f32Bytes, f64Bytes, madd, maddScalar } from './vector';

/** Keeps the gradients of |x|^p and of the norm finite at zero; the values of the numeric fixtures. */
const tinyActivation: f64 = 1e-12;
const tinySquaredNorm: f64 = 1e-12;

/**
 * e = sum over channels of (|x| + 1e-12)^p, for the rows `begin` to `end`.
 *
 * @param x `[rows, channels]`
 * @param power p, at least 1
 * @param energies `[rows]`, float64
 */
export function rowEnergies(x: usize, channels: i32, power: f64, energies: usize, begin: i32, end: i32): void {
  const stride = channels * f32Bytes;
  for (let row = begin; row < end; row++) {
    const from = x + row * stride;
    let energy: f64;
    if (power === 2) energy = f64(squares(from, stride));
    else if (power === 1) energy = f64(magnitudes(from, stride));
    else energy = raisedSum(from, stride, power);
    store<f64>(energies + row * f64Bytes, energy);
  }
}

/** Sum of x^2 over `size` bytes; what 1e-12 adds to it is less than float32 holds beside the norm's own 1e-12. */
function squares(x: usize, size: i32): f32 {
  const last = x + size;
  let sum = f32x4.splat(0);
  for (; x + 16 <= last; x += 16) {
    const values = v128.load(x);
    sum = madd(values, values, sum);
  }
  let total = horizontalSum(sum);
  for (; x < last; x += f32Bytes) total = maddScalar(load<f32>(x), load<f32>(x), total);
  return total;
}

/** Sum of |x| + 1e-12 over `size` bytes. */
function magnitudes(x: usize, size: i32): f32 {
  const last = x + size;
  const tiny = f32(tinyActivation);
  let sum = f32x4.splat(0);
  for (; x + 16 <= last; x += 16) sum = f32x4.add(sum, f32x4.add(f32x4.abs(v128.load(x)), f32x4.splat(tiny)));
  let total = horizontalSum(sum);
  for (; x < last; x += f32Bytes) total += Mathf.abs(load<f32>(x)) + tiny;
  return total;
}

/** Sum of (|x| + 1e-12)^p over `size` bytes. */
function raisedSum(x: usize, size: i32, power: f64): f64 {
  const last = x + size;
  let even = f64x2.splat(0);
  let odd = even;
  for (; x + 16 <= last; x += 16) {
    even = f64x2.add(even, raised(magnitude(v128.load64_zero(x)), power));
    odd = f64x2.add(odd, raised(magnitude(v128.load64_zero(x, 8)), power));
  }
  even = f64x2.add(even, odd);
  let sum = f64x2.extract_lane(even, 0) + f64x2.extract_lane(even, 1);
  for (; x < last; x += f32Bytes) sum += f64x2.extract_lane(raised(magnitude(v128.load32_zero(x)), power), 0);
  return sum;
}

/** |x| + 1e-12 of the two lower float32 lanes, in float64. */
function magnitude(x: v128): v128 {
  return f64x2.add(f64x2.abs(f64x2.promote_low_f32x4(x)), f64x2.splat(tinyActivation));
}

/** x^p of two float64 lanes, x > 0. */
function raised(x: v128, power: f64): v128 {
  if (power === 2) return f64x2.mul(x, x);
  if (power === 3) return f64x2.mul(x, f64x2.mul(x, x));
  if (power === 4) {
    const square = f64x2.mul(x, x);
    return f64x2.mul(square, square);
  }
  return exp(f64x2.mul(log(x), f64x2.splat(power)));
}

/**
 * Maps of the graphs `begin` to `end`: a = M e over (|a|^2 + 1e-12)^1/2, with M in compressed rows.
 *
 * @param nodeOffsets start of each graph's nodes, `[graphs + 1]`
 * @param offsets of the entries of M, `[nodes + 1]`
 * @param columns of the entries
 * @param values of the entries
 * @param energies e, one a column of M, float64
 * @param weighed room for `[nodes]`, float64
 * @param map `[nodes]`
 * @param norms receives what each graph's map was divided by, `[graphs]`
 */
export function attentionMap(
  nodeOffsets: usize,
  offsets: usize,
  columns: usize,
  values: usize,
  energies: usize,
  weighed: usize,
  map: usize,
  norms: usize,
  begin: i32,
  end: i32,
): void {
  for (let graph = begin; graph < end; graph++) {
    const first = load<i32>(nodeOffsets + graph * 4);
    const last = load<i32>(nodeOffsets + graph * 4, 4);
    let squares = tinySquaredNorm;
    for (let node = first; node < last; node++) {
      const sum = entrySum(offsets + node * 4, columns, values, energies);
      store<f64>(weighed + node * f64Bytes, sum);
      squares += sum * sum;
    }
    const norm = Math.sqrt(squares);
    for (let node = first; node < last; node++) {
      store<f32>(map + node * f32Bytes, f32(load<f64>(weighed + node * f64Bytes) / norm));
    }
    store<f32>(norms + graph * f32Bytes, f32(norm));
  }
}

/** Sum of a row's entries times float64 numbers. */
function entrySum(row: usize, columns: usize, values: usize, x: usize): f64 {
  const last = load<i32>(row, 4);
  let sum: f64 = 0;
  for (let k = load<i32>(row); k < last; k++) {
    sum += f64(load<f32>(values + k * f32Bytes)) * load<f64>(x + load<i32>(columns + k * 4) * f64Bytes);
  }
  return sum;
}

/**
 * The gradient of weighed energies, M e, for the graphs `begin` to `end`.
 *
 * @param dy gradient of the map, `[nodes]`
 * @param toWeighed `[nodes]`, float64
 */
export function attentionMapGradient(
  nodeOffsets: usize,
  dy: usize,
  map: usize,
  norms: usize,
  toWeighed: usize,
  begin: i32,
  end: i32,
): void {
  for (let graph = begin; graph < end; graph++) {
    const first = load<i32>(nodeOffsets + graph * 4);
    const last = load<i32>(nodeOffsets + graph * 4, 4);
    let along: f64 = 0;
    for (let node = first; node < last; node++) {
      along += f64(load<f32>(dy + node * f32Bytes)) * f64(load<f32>(map + node * f32Bytes));
    }
    const norm = f64(load<f32>(norms + graph * f32Bytes));
    for (let node = first; node < last; node++) {
      const across = f64(load<f32>(dy + node * f32Bytes)) - f64(load<f32>(map + node * f32Bytes)) * along;
      store<f64>(toWeighed + node * f64Bytes, across / norm);
    }
  }
}

/**
 * The gradient of features, for the rows `begin` to `end`: p (|x| + 1e-12)^(p-1) sign(x) times the gradient of the row's
 * energy.
 *
 * @param offsets of the entries of M transposed, `[rows + 1]`
 * @param toWeighed one a column of M transposed, float64
 * @param x `[rows, channels]`
 * @param dx `[rows, channels]`
 */
export function rowEnergiesGradient(
  offsets: usize,
  columns: usize,
  values: usize,
  toWeighed: usize,
  x: usize,
  channels: i32,
  power: f64,
  dx: usize,
  begin: i32,
  end: i32,
): void {
  const stride = channels * f32Bytes;
  for (let row = begin; row < end; row++) {
    const scale = power * entrySum(offsets + row * 4, columns, values, toWeighed);
    const from = x + row * stride;
    const to = dx + row * stride;
    if (power === 2) scaled(from, stride, f32(scale), to);
    else if (power === 1) signs(from, stride, f32(scale), to);
    else raisedSlopes(from, stride, scale, power, to);
  }
}

/** y = scale x, for `size` bytes. */
function scaled(x: usize, size: i32, scale: f32, y: usize): void {
  const last = x + size;
  for (; x + 16 <= last; x += 16, y += 16) v128.store(y, f32x4.mul(f32x4.splat(scale), v128.load(x)));
  for (; x < last; x += f32Bytes, y += f32Bytes) store<f32>(y, scale * load<f32>(x));
}

/** y = scale sign(x), for `size` bytes. */
function signs(x: usize, size: i32, scale: f32, y: usize): void {
  const last = x + size;
  for (; x + 16 <= last; x += 16, y += 16) v128.store(y, signed(f32x4.splat(scale), v128.load(x)));
  for (; x < last; x += f32Bytes, y += f32Bytes) {
    v128.store32_lane(y, signed(f32x4.splat(scale), v128.load32_zero(x)), 0);
  }
}

/** y sign(x) */
function signed(y: v128, x: v128): v128 {
  const flipped = v128.xor(y, v128.and(x, i32x4.splat(0x80000000)));
  return v128.and(flipped, f32x4.ne(x, f32x4.splat(0)));
}

/** y = scale (|x| + 1e-12)^(p-1) sign(x), for `size` bytes. */
function raisedSlopes(x: usize, size: i32, scale: f64, power: f64, y: usize): void {
  const last = x + size;
  for (; x + 8 <= last; x += 8, y += 8) v128.store64_lane(y, slopes(v128.load64_zero(x), scale, power), 0);
  if (x < last) v128.store32_lane(y, slopes(v128.load32_zero(x), scale, power), 0);
}

/** Of the two lower float32 lanes. */
function slopes(x: v128, scale: f64, power: f64): v128 {
  const slope = f64x2.mul(raised(magnitude(x), power - 1), f64x2.splat(scale));
  return signed(f32x4.demote_f64x2_zero(slope), x);
}

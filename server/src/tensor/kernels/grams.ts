/** Matrices of graphs: products of the rows of each, which lie one graph after the other, and their norms. */
import { gemm, gemmTransposed, transpose } from './gemm';
import { dot } from './sums';
import { f32Bytes } from './vector';

/**
 * G_g = A_g^T B_g for the graphs `begin` to `end`, A_g and B_g being the rows of graph g.
 *
 * @param offsets start of each graph's rows, `[graphs + 1]`
 * @param a `[rows, k]`
 * @param b `[rows, n]`
 * @param grams `[graphs, k, n]`
 */
export function graphGrams(
  offsets: usize,
  a: usize,
  b: usize,
  grams: usize,
  k: i32,
  n: i32,
  begin: i32,
  end: i32,
): void {
  for (let graph = begin; graph < end; graph++) {
    const first = load<i32>(offsets + graph * 4);
    const rows = load<i32>(offsets + graph * 4, 4) - first;
    const to = grams + graph * k * n * f32Bytes;
    gemmTransposed(a + first * k * f32Bytes, b + first * n * f32Bytes, to, rows, n, k, 0, k);
  }
}

/**
 * The gradients of A and B: dA_g = B_g dG_g^T and dB_g = A_g dG_g for the graphs `begin` to `end`.
 *
 * @param toGrams dG, `[graphs, k, n]`
 * @param turned room for `[graphs, n, k]`
 * @param toA `[rows, k]`
 * @param toB `[rows, n]`
 */
export function graphGramsGradient(
  offsets: usize,
  a: usize,
  b: usize,
  toGrams: usize,
  turned: usize,
  toA: usize,
  toB: usize,
  k: i32,
  n: i32,
  begin: i32,
  end: i32,
): void {
  for (let graph = begin; graph < end; graph++) {
    const first = load<i32>(offsets + graph * 4);
    const rows = load<i32>(offsets + graph * 4, 4) - first;
    const matrix = toGrams + graph * k * n * f32Bytes;
    const transposed = turned + graph * k * n * f32Bytes;
    const rowA = first * k * f32Bytes;
    const rowB = first * n * f32Bytes;
    transpose(matrix, transposed, k, n, 0, k);
    gemm(b + rowB, transposed, toA + rowA, k, n, 0, 0, 0, 0, rows);
    gemm(a + rowA, matrix, toB + rowB, n, k, 0, 0, 0, 0, rows);
  }
}

/**
 * y = x / (sqrt(|x|^2 + tinySquare) + tiny) for the rows `begin` to `end`.
 *
 * @param x `[rows, columns]`
 * @param y `[rows, columns]`
 */
export function unitRows(x: usize, y: usize, columns: i32, tiny: f64, tinySquare: f64, begin: i32, end: i32): void {
  const stride = columns * f32Bytes;
  for (let row = begin; row < end; row++) {
    const from = x + row * stride;
    const scale = 1 / (Math.sqrt(dot(from, from, columns) + tinySquare) + tiny);
    combine(from, f32(scale), from, 0, y + row * stride, stride);
  }
}

/**
 * The gradient of `unitRows`: with the root r and m = r + tiny, dx = dy / m - x (x . dy) / (m^2 r).
 *
 * @param dy `[rows, columns]`
 * @param dx `[rows, columns]`
 */
export function unitRowsGradient(
  x: usize,
  dy: usize,
  dx: usize,
  columns: i32,
  tiny: f64,
  tinySquare: f64,
  begin: i32,
  end: i32,
): void {
  const stride = columns * f32Bytes;
  for (let row = begin; row < end; row++) {
    const from = x + row * stride;
    const upstream = dy + row * stride;
    const root = Math.sqrt(dot(from, from, columns) + tinySquare);
    const norm = root + tiny;
    const along = dot(from, upstream, columns);
    combine(upstream, f32(1 / norm), from, f32(-along / (norm * norm * root)), dx + row * stride, stride);
  }
}

/** y = a x + b z, for `size` bytes. */
function combine(x: usize, a: f32, z: usize, b: f32, y: usize, size: i32): void {
  let at = 0;
  for (; at + 16 <= size; at += 16) {
    const left = f32x4.mul(f32x4.splat(a), v128.load(x + at));
    v128.store(y + at, f32x4.add(left, f32x4.mul(f32x4.splat(b), v128.load(z + at))));
  }
  for (; at < size; at += f32Bytes) store<f32>(y + at, a * load<f32>(x + at) + b * load<f32>(z + at));
}

/**
 * Dense matrix products on row-major float32 matrices. Every output is summed over the inner dimension in ascending
 * order by one thread, so results do not depend on how rows are divided among threads.
 *
 * Tiles of 4 rows and 8 columns keep eight accumulators in registers, as many as hide the latency of a multiply-add.
 * Where a dimension is no multiple of the tile, the last tile overlaps its neighbour and writes the same values again.
 */
import { advance, f32Bytes, madd, maddScalar } from './vector';

/** Bytes of A that are multiplied by all of B before the next are read: they stay in the L1 cache, beside B's columns. */
const blockBytes: i32 = 16_384;

/**
 * C = min(max(A B + bias, floor), upper) for the rows `begin` to `end` of C.
 *
 * @param a `[rows, k]`
 * @param b `[k, n]`
 * @param c `[rows, n]`, apart from a and b
 * @param bias `[n]`, or 0 for none
 * @param relu 1 for a floor of zero, 0 for none
 * @param upper `[n]`, or 0 for none
 */
export function gemm(
  a: usize,
  b: usize,
  c: usize,
  n: i32,
  k: i32,
  bias: usize,
  relu: i32,
  upper: usize,
  begin: i32,
  end: i32,
): void {
  const depth = k * f32Bytes;
  const stride = n * f32Bytes;
  const height = max(4, (blockBytes / max(1, depth)) & ~3);
  for (let row = begin; row < end; row += height) {
    multiplyRows(a + row * depth, b, c + row * stride, n, depth, bias, relu, upper, min(height, end - row));
  }
}

/** The same for some consecutive rows of A and C. */
function multiplyRows(
  aBegin: usize,
  b: usize,
  cBegin: usize,
  n: i32,
  depth: i32,
  bias: usize,
  relu: i32,
  upper: usize,
  rows: i32,
): void {
  const stride = n * f32Bytes;
  if (n >= 8) {
    for (let j = 0; j < n; j += 8) {
      const column = (j + 8 <= n ? j : n - 8) * f32Bytes;
      const biasAt = advance(bias, column);
      const upperAt = advance(upper, column);
      if (rows >= 4) {
        for (let i = 0; i < rows; i += 4) {
          const row = i + 4 <= rows ? i : rows - 4;
          tile4x8(
            aBegin + row * depth,
            depth,
            b + column,
            stride,
            cBegin + row * stride + column,
            biasAt,
            relu,
            upperAt,
          );
        }
      } else {
        for (let i = 0; i < rows; i++) {
          const cAt = cBegin + i * stride + column;
          tile1x4(aBegin + i * depth, depth, b + column, stride, cAt, biasAt, relu, upperAt);
          const half = 4 * f32Bytes;
          const biasHalf = advance(biasAt, half);
          tile1x4(
            aBegin + i * depth,
            depth,
            b + column + half,
            stride,
            cAt + half,
            biasHalf,
            relu,
            advance(upperAt, half),
          );
        }
      }
    }
  } else if (n >= 4) {
    for (let j = 0; j < n; j += 4) {
      const column = (j + 4 <= n ? j : n - 4) * f32Bytes;
      const biasAt = advance(bias, column);
      const upperAt = advance(upper, column);
      for (let i = 0; i < rows; i++) {
        tile1x4(aBegin + i * depth, depth, b + column, stride, cBegin + i * stride + column, biasAt, relu, upperAt);
      }
    }
  } else {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < n; j++) {
        const column = j * f32Bytes;
        const biasAt = advance(bias, column);
        const upperAt = advance(upper, column);
        cell(aBegin + i * depth, depth, b + column, stride, cBegin + i * stride + column, biasAt, relu, upperAt);
      }
    }
  }
}

/** Four rows and eight columns of C; `a` advances over `depth` bytes, `b` by `stride` bytes a step. */
function tile4x8(a: usize, depth: i32, b: usize, stride: i32, c: usize, bias: usize, relu: i32, upper: usize): void {
  let left0 = f32x4.splat(0);
  let right0 = f32x4.splat(0);
  if (bias !== 0) {
    left0 = v128.load(bias);
    right0 = v128.load(bias, 16);
  }
  let left1 = left0;
  let right1 = right0;
  let left2 = left0;
  let right2 = right0;
  let left3 = left0;
  let right3 = right0;
  let a0 = a;
  let a1 = a + depth;
  let a2 = a1 + depth;
  let a3 = a2 + depth;
  let at = b;
  const end = a1;
  while (a0 < end) {
    const left = v128.load(at);
    const right = v128.load(at, 16);
    let x = v128.load32_splat(a0);
    left0 = madd(x, left, left0);
    right0 = madd(x, right, right0);
    x = v128.load32_splat(a1);
    left1 = madd(x, left, left1);
    right1 = madd(x, right, right1);
    x = v128.load32_splat(a2);
    left2 = madd(x, left, left2);
    right2 = madd(x, right, right2);
    x = v128.load32_splat(a3);
    left3 = madd(x, left, left3);
    right3 = madd(x, right, right3);
    a0 += f32Bytes;
    a1 += f32Bytes;
    a2 += f32Bytes;
    a3 += f32Bytes;
    at += stride;
  }
  if (relu !== 0) {
    const zero = f32x4.splat(0);
    left0 = f32x4.max(left0, zero);
    right0 = f32x4.max(right0, zero);
    left1 = f32x4.max(left1, zero);
    right1 = f32x4.max(right1, zero);
    left2 = f32x4.max(left2, zero);
    right2 = f32x4.max(right2, zero);
    left3 = f32x4.max(left3, zero);
    right3 = f32x4.max(right3, zero);
  }
  if (upper !== 0) {
    const left = v128.load(upper);
    const right = v128.load(upper, 16);
    left0 = f32x4.min(left0, left);
    right0 = f32x4.min(right0, right);
    left1 = f32x4.min(left1, left);
    right1 = f32x4.min(right1, right);
    left2 = f32x4.min(left2, left);
    right2 = f32x4.min(right2, right);
    left3 = f32x4.min(left3, left);
    right3 = f32x4.min(right3, right);
  }
  v128.store(c, left0);
  v128.store(c, right0, 16);
  v128.store(c + stride, left1);
  v128.store(c + stride, right1, 16);
  v128.store(c + 2 * stride, left2);
  v128.store(c + 2 * stride, right2, 16);
  v128.store(c + 3 * stride, left3);
  v128.store(c + 3 * stride, right3, 16);
}

/** One row and four columns of C. */
function tile1x4(a: usize, depth: i32, b: usize, stride: i32, c: usize, bias: usize, relu: i32, upper: usize): void {
  let sum = bias === 0 ? f32x4.splat(0) : v128.load(bias);
  let at = b;
  const end = a + depth;
  while (a < end) {
    sum = madd(v128.load32_splat(a), v128.load(at), sum);
    a += f32Bytes;
    at += stride;
  }
  if (relu !== 0) sum = f32x4.max(sum, f32x4.splat(0));
  if (upper !== 0) sum = f32x4.min(sum, v128.load(upper));
  v128.store(c, sum);
}

/** One element of C. */
function cell(a: usize, depth: i32, b: usize, stride: i32, c: usize, bias: usize, relu: i32, upper: usize): void {
  let sum: f32 = bias === 0 ? 0 : load<f32>(bias);
  let at = b;
  const end = a + depth;
  while (a < end) {
    sum = maddScalar(load<f32>(a), load<f32>(at), sum);
    a += f32Bytes;
    at += stride;
  }
  if (relu !== 0) sum = max<f32>(sum, 0);
  if (upper !== 0) sum = min<f32>(sum, load<f32>(upper));
  store<f32>(c, sum);
}

/** Rows of A and B whose products are added to C before the next rows are read: these blocks stay in the L1 cache. */
const rowBlock: i32 = 64;

/**
 * C = A^T B for the rows `begin` to `end` of C, which are columns of A.
 *
 * @param a `[rows, k]`
 * @param b `[rows, n]`
 * @param c `[k, n]`
 */
export function gemmTransposed(a: usize, b: usize, c: usize, rows: i32, n: i32, k: i32, begin: i32, end: i32): void {
  const aStride = k * f32Bytes;
  const stride = n * f32Bytes;
  memory.fill(c + begin * stride, 0, (end - begin) * stride);
  for (let row = 0; row < rows; row += rowBlock) {
    const height = min(rowBlock, rows - row);
    const aBlock = a + row * aStride;
    const bBlock = b + row * stride;
    let i = begin;
    for (; i + 4 <= end; i += 4) {
      const aAt = aBlock + i * f32Bytes;
      const cAt = c + i * stride;
      let j = 0;
      for (; j + 8 <= n; j += 8) {
        outer4x8(aAt, aStride, bBlock + j * f32Bytes, stride, height, cAt + j * f32Bytes);
      }
      for (; j + 4 <= n; j += 4) {
        for (let r = 0; r < 4; r++) {
          const at = aAt + r * f32Bytes;
          outer1x4(at, aStride, bBlock + j * f32Bytes, stride, height, cAt + r * stride + j * f32Bytes);
        }
      }
      for (; j < n; j++) {
        for (let r = 0; r < 4; r++) {
          const at = aAt + r * f32Bytes;
          outerCell(at, aStride, bBlock + j * f32Bytes, stride, height, cAt + r * stride + j * f32Bytes);
        }
      }
    }
    for (; i < end; i++) {
      const aAt = aBlock + i * f32Bytes;
      const cAt = c + i * stride;
      let j = 0;
      for (; j + 4 <= n; j += 4) outer1x4(aAt, aStride, bBlock + j * f32Bytes, stride, height, cAt + j * f32Bytes);
      for (; j < n; j++) outerCell(aAt, aStride, bBlock + j * f32Bytes, stride, height, cAt + j * f32Bytes);
    }
  }
}

/** Adds the products of `height` rows to four rows and eight columns of C. */
function outer4x8(a: usize, aStride: i32, b: usize, stride: i32, height: i32, c: usize): void {
  const c1 = c + stride;
  const c2 = c1 + stride;
  const c3 = c2 + stride;
  let left0 = v128.load(c);
  let right0 = v128.load(c, 16);
  let left1 = v128.load(c1);
  let right1 = v128.load(c1, 16);
  let left2 = v128.load(c2);
  let right2 = v128.load(c2, 16);
  let left3 = v128.load(c3);
  let right3 = v128.load(c3, 16);
  for (let row = 0; row < height; row++) {
    const left = v128.load(b);
    const right = v128.load(b, 16);
    let x = v128.load32_splat(a);
    left0 = madd(x, left, left0);
    right0 = madd(x, right, right0);
    x = v128.load32_splat(a, 4);
    left1 = madd(x, left, left1);
    right1 = madd(x, right, right1);
    x = v128.load32_splat(a, 8);
    left2 = madd(x, left, left2);
    right2 = madd(x, right, right2);
    x = v128.load32_splat(a, 12);
    left3 = madd(x, left, left3);
    right3 = madd(x, right, right3);
    a += aStride;
    b += stride;
  }
  v128.store(c, left0);
  v128.store(c, right0, 16);
  v128.store(c1, left1);
  v128.store(c1, right1, 16);
  v128.store(c2, left2);
  v128.store(c2, right2, 16);
  v128.store(c3, left3);
  v128.store(c3, right3, 16);
}

function outer1x4(a: usize, aStride: i32, b: usize, stride: i32, height: i32, c: usize): void {
  let sum = v128.load(c);
  for (let row = 0; row < height; row++) {
    sum = madd(v128.load32_splat(a), v128.load(b), sum);
    a += aStride;
    b += stride;
  }
  v128.store(c, sum);
}

function outerCell(a: usize, aStride: i32, b: usize, stride: i32, height: i32, c: usize): void {
  let sum = load<f32>(c);
  for (let row = 0; row < height; row++) {
    sum = maddScalar(load<f32>(a), load<f32>(b), sum);
    a += aStride;
    b += stride;
  }
  store<f32>(c, sum);
}

/** B = A^T for the rows `begin` to `end` of A: a `[rows, columns]`, b `[columns, rows]`. */
export function transpose(a: usize, b: usize, rows: i32, columns: i32, begin: i32, end: i32): void {
  for (let i = begin; i < end; i++) {
    let from = a + i * columns * f32Bytes;
    let to = b + i * f32Bytes;
    for (let j = 0; j < columns; j++) {
      store<f32>(to, load<f32>(from));
      from += f32Bytes;
      to += rows * f32Bytes;
    }
  }
}

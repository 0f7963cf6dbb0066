/**
 * Dense matrix products on row-major float32 matrices. Every output is summed over the inner dimension in ascending
 * order by one thread, so results do not depend on how rows are divided among threads.
 *
 * Tiles of 6 rows and 8 columns keep twelve accumulators in registers: more than hide the latency of a multiply-add, and
 * with a row of B and an element of A as many as there are. Where a dimension is no multiple of the tile, the last tile
 * overlaps its neighbour.
 */
import { normRelu } from './normRelu';
import { advance, f32Bytes, madd, maddScalar } from './vector';

/** Bytes of A that are multiplied by all of B before the next are read: they stay in the L1 cache, beside B's columns. */
const blockBytes: i32 = 16_384;
/** Rows of a tile. */
const tileRows: i32 = 6;

/**
 * C = A B + bias, or min(max(A B + bias, 0), upper), for the rows `begin` to `end` of C.
 *
 * @param a `[rows, k]`
 * @param b `[k, n]`
 * @param c `[rows, n]`, apart from a and b
 * @param bias `[n]`, or 0 for none
 * @param relu whether C has bounds: 1 or 0
 * @param upper `[n]`, or 0 for none; without `relu` of no account
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
  const height = max(tileRows, blockBytes / max(1, depth));
  let row = begin;
  while (row < end) {
    // The last block is not left with fewer rows than a tile has.
    const rows = end - row < height + tileRows ? end - row : height;
    const to = c + row * stride;
    multiplyRows(a + row * depth, b, to, n, depth, bias, rows);
    // Not in the tiles: with more to do behind their loops, V8 is out of registers in them.
    if (relu !== 0) normRelu(to, 0, 0, upper, to, n, 0, rows);
    row += rows;
  }
}

/** C = A B + bias for some consecutive rows of A and C. */
function multiplyRows(a: usize, b: usize, c: usize, n: i32, depth: i32, bias: usize, rows: i32): void {
  const stride = n * f32Bytes;
  let j = 0;
  if (rows >= tileRows && n >= 8) {
    for (; j < n; j += 8) {
      const column = min(j, n - 8) * f32Bytes;
      for (let i = 0; i < rows; i += tileRows) {
        const row = min(i, rows - tileRows);
        const to = c + row * stride + column;
        tile6x8(a + row * depth, depth, b + column, stride, to, advance(bias, column));
      }
    }
    return;
  }
  for (; j < n && n >= 4; j += 4) {
    const column = min(j, n - 4) * f32Bytes;
    for (let i = 0; i < rows; i++) {
      tile1x4(a + i * depth, depth, b + column, stride, c + i * stride + column, advance(bias, column));
    }
  }
  for (; j < n; j++) {
    const column = j * f32Bytes;
    for (let i = 0; i < rows; i++) {
      cell(a + i * depth, depth, b + column, stride, c + i * stride + column, advance(bias, column));
    }
  }
}

/** Six rows and eight columns of C; `a` advances over `depth` bytes, `b` by `stride` bytes a step. */
function tile6x8(a: usize, depth: i32, b: usize, stride: i32, c: usize, bias: usize): void {
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
  let left4 = left0;
  let right4 = right0;
  let left5 = left0;
  let right5 = right0;
  let a0 = a;
  let a1 = a0 + depth;
  let a2 = a1 + depth;
  let a3 = a2 + depth;
  let a4 = a3 + depth;
  let a5 = a4 + depth;
  const end = a1;
  while (a0 < end) {
    const left = v128.load(b);
    const right = v128.load(b, 16);
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
    x = v128.load32_splat(a4);
    left4 = madd(x, left, left4);
    right4 = madd(x, right, right4);
    x = v128.load32_splat(a5);
    left5 = madd(x, left, left5);
    right5 = madd(x, right, right5);
    a0 += f32Bytes;
    a1 += f32Bytes;
    a2 += f32Bytes;
    a3 += f32Bytes;
    a4 += f32Bytes;
    a5 += f32Bytes;
    b += stride;
  }
  v128.store(c, left0);
  v128.store(c, right0, 16);
  v128.store(c + stride, left1);
  v128.store(c + stride, right1, 16);
  v128.store(c + 2 * stride, left2);
  v128.store(c + 2 * stride, right2, 16);
  v128.store(c + 3 * stride, left3);
  v128.store(c + 3 * stride, right3, 16);
  v128.store(c + 4 * stride, left4);
  v128.store(c + 4 * stride, right4, 16);
  v128.store(c + 5 * stride, left5);
  v128.store(c + 5 * stride, right5, 16);
}

/** One row and four columns of C. */
function tile1x4(a: usize, depth: i32, b: usize, stride: i32, c: usize, bias: usize): void {
  let sum = bias === 0 ? f32x4.splat(0) : v128.load(bias);
  let at = b;
  const end = a + depth;
  while (a < end) {
    sum = madd(v128.load32_splat(a), v128.load(at), sum);
    a += f32Bytes;
    at += stride;
  }
  v128.store(c, sum);
}

/** One element of C. */
function cell(a: usize, depth: i32, b: usize, stride: i32, c: usize, bias: usize): void {
  let sum: f32 = bias === 0 ? 0 : load<f32>(bias);
  let at = b;
  const end = a + depth;
  while (a < end) {
    sum = maddScalar(load<f32>(a), load<f32>(at), sum);
    a += f32Bytes;
    at += stride;
  }
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
    for (; i + tileRows <= end; i += tileRows) {
      const aAt = aBlock + i * f32Bytes;
      const cAt = c + i * stride;
      let j = 0;
      for (; j + 8 <= n; j += 8) {
        outer6x8(aAt, aStride, bBlock + j * f32Bytes, stride, height, cAt + j * f32Bytes);
      }
      outerRows(aBlock, aStride, bBlock, n, height, c, i, i + tileRows, j);
    }
    outerRows(aBlock, aStride, bBlock, n, height, c, i, end, 0);
  }
}

/** Adds the products of `height` rows to the rows `begin` to `end` of C, from column `from` on. */
function outerRows(
  a: usize,
  aStride: i32,
  b: usize,
  n: i32,
  height: i32,
  c: usize,
  begin: i32,
  end: i32,
  from: i32,
): void {
  const stride = n * f32Bytes;
  for (let i = begin; i < end; i++) {
    const aAt = a + i * f32Bytes;
    const cAt = c + i * stride;
    let j = from;
    for (; j + 32 <= n; j += 32) outer1x32(aAt, aStride, b + j * f32Bytes, stride, height, cAt + j * f32Bytes);
    for (; j + 4 <= n; j += 4) outer1x4(aAt, aStride, b + j * f32Bytes, stride, height, cAt + j * f32Bytes);
    for (; j < n; j++) outerCell(aAt, aStride, b + j * f32Bytes, stride, height, cAt + j * f32Bytes);
  }
}

/** Adds the products of `height` rows to six rows and eight columns of C. */
function outer6x8(a: usize, aStride: i32, b: usize, stride: i32, height: i32, c: usize): void {
  let left0 = v128.load(c);
  let right0 = v128.load(c, 16);
  let left1 = v128.load(c + stride);
  let right1 = v128.load(c + stride, 16);
  let left2 = v128.load(c + 2 * stride);
  let right2 = v128.load(c + 2 * stride, 16);
  let left3 = v128.load(c + 3 * stride);
  let right3 = v128.load(c + 3 * stride, 16);
  let left4 = v128.load(c + 4 * stride);
  let right4 = v128.load(c + 4 * stride, 16);
  let left5 = v128.load(c + 5 * stride);
  let right5 = v128.load(c + 5 * stride, 16);
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
    x = v128.load32_splat(a, 16);
    left4 = madd(x, left, left4);
    right4 = madd(x, right, right4);
    x = v128.load32_splat(a, 20);
    left5 = madd(x, left, left5);
    right5 = madd(x, right, right5);
    a += aStride;
    b += stride;
  }
  v128.store(c, left0);
  v128.store(c, right0, 16);
  v128.store(c + stride, left1);
  v128.store(c + stride, right1, 16);
  v128.store(c + 2 * stride, left2);
  v128.store(c + 2 * stride, right2, 16);
  v128.store(c + 3 * stride, left3);
  v128.store(c + 3 * stride, right3, 16);
  v128.store(c + 4 * stride, left4);
  v128.store(c + 4 * stride, right4, 16);
  v128.store(c + 5 * stride, left5);
  v128.store(c + 5 * stride, right5, 16);
}

function outer1x32(a: usize, aStride: i32, b: usize, stride: i32, height: i32, c: usize): void {
  let s0 = v128.load(c);
  let s1 = v128.load(c, 16);
  let s2 = v128.load(c, 32);
  let s3 = v128.load(c, 48);
  let s4 = v128.load(c, 64);
  let s5 = v128.load(c, 80);
  let s6 = v128.load(c, 96);
  let s7 = v128.load(c, 112);
  for (let row = 0; row < height; row++) {
    const x = v128.load32_splat(a);
    s0 = madd(x, v128.load(b), s0);
    s1 = madd(x, v128.load(b, 16), s1);
    s2 = madd(x, v128.load(b, 32), s2);
    s3 = madd(x, v128.load(b, 48), s3);
    s4 = madd(x, v128.load(b, 64), s4);
    s5 = madd(x, v128.load(b, 80), s5);
    s6 = madd(x, v128.load(b, 96), s6);
    s7 = madd(x, v128.load(b, 112), s7);
    a += aStride;
    b += stride;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
  v128.store(c, s2, 32);
  v128.store(c, s3, 48);
  v128.store(c, s4, 64);
  v128.store(c, s5, 80);
  v128.store(c, s6, 96);
  v128.store(c, s7, 112);
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

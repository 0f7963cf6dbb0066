/**
 * Products of a sparse matrix in compressed rows with a dense one. Every output adds its row's entries in ascending
 * order, so results do not depend on how rows are divided among threads.
 *
 * Rows of the dense matrix are read in blocks of columns whose sums stay in registers while the entries are walked.
 */
import { advance, f32Bytes, madd, maddScalar } from './vector';

/**
 * Y = min(A X, upper) for the rows `begin` to `end` of A.
 *
 * @param offsets of the rows' entries, `[rows + 1]`
 * @param columns of the entries
 * @param values of the entries
 * @param x `[columns of A, width]`
 * @param y `[rows, width]`, apart from x
 * @param upper `[width]`, or 0 for none
 */
export function sparseProduct(
  offsets: usize,
  columns: usize,
  values: usize,
  x: usize,
  y: usize,
  width: i32,
  upper: usize,
  begin: i32,
  end: i32,
): void {
  const stride = width * f32Bytes;
  let to = y + begin * stride;
  for (let row = begin; row < end; row++) {
    const first = load<i32>(offsets + row * 4) * 4;
    const last = load<i32>(offsets + row * 4, 4) * 4;
    const column = columns + first;
    const value = values + first;
    const stop = columns + last;
    let j = 0;
    for (; j + 32 <= width; j += 32) {
      const at = j * f32Bytes;
      row32(column, stop, value, x + at, stride, to + at, advance(upper, at));
    }
    for (; j + 16 <= width; j += 16) {
      const at = j * f32Bytes;
      row16(column, stop, value, x + at, stride, to + at, advance(upper, at));
    }
    if (width >= 4) {
      for (; j < width; j += 4) {
        // The last block overlaps its neighbour where the width is no multiple of four.
        const at = (j + 4 <= width ? j : width - 4) * f32Bytes;
        row4(column, stop, value, x + at, stride, to + at, advance(upper, at));
      }
    } else {
      for (; j < width; j++) {
        const at = j * f32Bytes;
        row1(column, stop, value, x + at, stride, to + at, advance(upper, at));
      }
    }
    to += stride;
  }
}

/** 32 columns of one row of Y; `stop` is where the row's column indices end. */
function row32(column: usize, stop: usize, value: usize, x: usize, stride: i32, y: usize, upper: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  while (column < stop) {
    const from = x + load<i32>(column) * stride;
    const factor = v128.load32_splat(value);
    s0 = madd(factor, v128.load(from), s0);
    s1 = madd(factor, v128.load(from, 16), s1);
    s2 = madd(factor, v128.load(from, 32), s2);
    s3 = madd(factor, v128.load(from, 48), s3);
    s4 = madd(factor, v128.load(from, 64), s4);
    s5 = madd(factor, v128.load(from, 80), s5);
    s6 = madd(factor, v128.load(from, 96), s6);
    s7 = madd(factor, v128.load(from, 112), s7);
    column += 4;
    value += 4;
  }
  if (upper !== 0) {
    s0 = f32x4.min(s0, v128.load(upper));
    s1 = f32x4.min(s1, v128.load(upper, 16));
    s2 = f32x4.min(s2, v128.load(upper, 32));
    s3 = f32x4.min(s3, v128.load(upper, 48));
    s4 = f32x4.min(s4, v128.load(upper, 64));
    s5 = f32x4.min(s5, v128.load(upper, 80));
    s6 = f32x4.min(s6, v128.load(upper, 96));
    s7 = f32x4.min(s7, v128.load(upper, 112));
  }
  v128.store(y, s0);
  v128.store(y, s1, 16);
  v128.store(y, s2, 32);
  v128.store(y, s3, 48);
  v128.store(y, s4, 64);
  v128.store(y, s5, 80);
  v128.store(y, s6, 96);
  v128.store(y, s7, 112);
}

function row16(column: usize, stop: usize, value: usize, x: usize, stride: i32, y: usize, upper: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  while (column < stop) {
    const from = x + load<i32>(column) * stride;
    const factor = v128.load32_splat(value);
    s0 = madd(factor, v128.load(from), s0);
    s1 = madd(factor, v128.load(from, 16), s1);
    s2 = madd(factor, v128.load(from, 32), s2);
    s3 = madd(factor, v128.load(from, 48), s3);
    column += 4;
    value += 4;
  }
  if (upper !== 0) {
    s0 = f32x4.min(s0, v128.load(upper));
    s1 = f32x4.min(s1, v128.load(upper, 16));
    s2 = f32x4.min(s2, v128.load(upper, 32));
    s3 = f32x4.min(s3, v128.load(upper, 48));
  }
  v128.store(y, s0);
  v128.store(y, s1, 16);
  v128.store(y, s2, 32);
  v128.store(y, s3, 48);
}

function row4(column: usize, stop: usize, value: usize, x: usize, stride: i32, y: usize, upper: usize): void {
  let sum = f32x4.splat(0);
  while (column < stop) {
    sum = madd(v128.load32_splat(value), v128.load(x + load<i32>(column) * stride), sum);
    column += 4;
    value += 4;
  }
  if (upper !== 0) sum = f32x4.min(sum, v128.load(upper));
  v128.store(y, sum);
}

function row1(column: usize, stop: usize, value: usize, x: usize, stride: i32, y: usize, upper: usize): void {
  let sum: f32 = 0;
  while (column < stop) {
    sum = maddScalar(load<f32>(value), load<f32>(x + load<i32>(column) * stride), sum);
    column += 4;
    value += 4;
  }
  if (upper !== 0) sum = min<f32>(sum, load<f32>(upper));
  store<f32>(y, sum);
}

/**
 * Y = A (X masked) for the rows `begin` to `end` of A, where X counts only where `bounded` is less than `upper`: the
 * gradient of a product (by the transposed matrix) through its bound.
 *
 * @param x `[columns of A, width]`
 * @param bounded `[columns of A, width]`
 * @param upper `[width]`
 * @param y `[rows, width]`, apart from the others
 */
export function sparseProductMasked(
  offsets: usize,
  columns: usize,
  values: usize,
  x: usize,
  bounded: usize,
  upper: usize,
  y: usize,
  width: i32,
  begin: i32,
  end: i32,
): void {
  const stride = width * f32Bytes;
  const toBounded = bounded - x;
  let to = y + begin * stride;
  for (let row = begin; row < end; row++) {
    const first = load<i32>(offsets + row * 4) * 4;
    const last = load<i32>(offsets + row * 4, 4) * 4;
    const column = columns + first;
    const value = values + first;
    const stop = columns + last;
    let j = 0;
    for (; j + 16 <= width; j += 16) {
      const at = j * f32Bytes;
      masked16(column, stop, value, x + at, toBounded, upper + at, stride, to + at);
    }
    if (width >= 4) {
      for (; j < width; j += 4) {
        const at = (j + 4 <= width ? j : width - 4) * f32Bytes;
        masked4(column, stop, value, x + at, toBounded, upper + at, stride, to + at);
      }
    } else {
      for (; j < width; j++) {
        const at = j * f32Bytes;
        masked1(column, stop, value, x + at, toBounded, upper + at, stride, to + at);
      }
    }
    to += stride;
  }
}

/** 16 columns of one row of Y; a value's bounded counterpart lies `toBounded` bytes behind it. */
function masked16(
  column: usize,
  stop: usize,
  value: usize,
  x: usize,
  toBounded: usize,
  upper: usize,
  stride: i32,
  y: usize,
): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const u0 = v128.load(upper);
  const u1 = v128.load(upper, 16);
  const u2 = v128.load(upper, 32);
  const u3 = v128.load(upper, 48);
  while (column < stop) {
    const from = x + load<i32>(column) * stride;
    const bounded = from + toBounded;
    const factor = v128.load32_splat(value);
    s0 = madd(factor, v128.and(v128.load(from), f32x4.lt(v128.load(bounded), u0)), s0);
    s1 = madd(factor, v128.and(v128.load(from, 16), f32x4.lt(v128.load(bounded, 16), u1)), s1);
    s2 = madd(factor, v128.and(v128.load(from, 32), f32x4.lt(v128.load(bounded, 32), u2)), s2);
    s3 = madd(factor, v128.and(v128.load(from, 48), f32x4.lt(v128.load(bounded, 48), u3)), s3);
    column += 4;
    value += 4;
  }
  v128.store(y, s0);
  v128.store(y, s1, 16);
  v128.store(y, s2, 32);
  v128.store(y, s3, 48);
}

function masked4(
  column: usize,
  stop: usize,
  value: usize,
  x: usize,
  toBounded: usize,
  upper: usize,
  stride: i32,
  y: usize,
): void {
  let sum = f32x4.splat(0);
  const most = v128.load(upper);
  while (column < stop) {
    const from = x + load<i32>(column) * stride;
    const passed = v128.and(v128.load(from), f32x4.lt(v128.load(from + toBounded), most));
    sum = madd(v128.load32_splat(value), passed, sum);
    column += 4;
    value += 4;
  }
  v128.store(y, sum);
}

function masked1(
  column: usize,
  stop: usize,
  value: usize,
  x: usize,
  toBounded: usize,
  upper: usize,
  stride: i32,
  y: usize,
): void {
  let sum: f32 = 0;
  const most = load<f32>(upper);
  while (column < stop) {
    const from = x + load<i32>(column) * stride;
    if (load<f32>(from + toBounded) < most) sum = maddScalar(load<f32>(value), load<f32>(from), sum);
    column += 4;
    value += 4;
  }
  store<f32>(y, sum);
}

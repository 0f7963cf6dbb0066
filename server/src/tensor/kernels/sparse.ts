/**
 * Products of a sparse matrix in compressed rows with a dense one. Every output adds its row's entries in ascending
 * order, so results do not depend on how rows are divided among threads.
 *
 * Rows of the dense matrix are read in blocks of columns whose sums stay in registers while the entries are walked.
 */
import { sumEntries } from './entries';
import { f32Bytes, madd, maddScalar } from './vector';

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
    sumEntries(column, columns + last, value, 4, x, stride, width, to, upper);
    to += stride;
  }
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

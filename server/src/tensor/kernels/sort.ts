/** Distances between distributions: columns compared value by value in ascending order. */
import { indexBits, makeKeys, row4, settle, sortKeys, turn } from './sortKeys';
import { dot } from './sums';
import { f32Bytes } from './vector';

/**
 * Compares the columns of two stacks of matrices value by value in ascending order, for the matrices `begin` to `end`:
 * each element of `differences` is the element of `x` there less the one of `y` that has the same rank in its column.
 * Equal values rank in the order of their rows.
 *
 * @param x `[matrices, rows, columns]`
 * @param y `[matrices, rows, columns]`
 * @param differences `[matrices, rows, columns]`, apart from both
 * @param totals receives the sum of their squares in float64, `[matrices]`
 * @param scratch room for 16 numbers a row of all matrices, `[matrices, rows rounded up to a multiple of 8, 16]`
 */
export function sortedDifferences(
  x: usize,
  y: usize,
  differences: usize,
  totals: usize,
  scratch: usize,
  rows: i32,
  columns: i32,
  begin: i32,
  end: i32,
): void {
  const stride = columns * f32Bytes;
  const whole = (rows + 7) & ~7;
  const size = whole * row4;
  const hidden = indexBits(rows);
  const lanes = columns >= 4 ? 4 : 1;
  for (let matrix = begin; matrix < end; matrix++) {
    const values = scratch + 4 * matrix * size;
    const keys = values + size;
    const others = keys + size;
    const results = others + size;
    for (let j = 0; j < columns; j += lanes) {
      // The last four columns overlap their neighbours where the number is no multiple of four.
      const at = matrix * rows * stride + (j + lanes <= columns ? j : columns - lanes) * f32Bytes;
      load4(x + at, stride, lanes, values, rows);
      load4(y + at, stride, lanes, others, rows);
      makeKeys(values, keys, rows, hidden);
      makeKeys(others, others, rows, 0);
      sortKeys(keys, whole);
      sortKeys(others, whole);
      for (let lane = 0; lane < 4; lane++) {
        const offset = lane * f32Bytes;
        settle(values + offset, keys + offset, rows, hidden);
        compare(values + offset, keys + offset, others + offset, results + offset, rows);
      }
      store4(results, differences + at, stride, lanes, rows);
    }
    const written = differences + matrix * rows * stride;
    store<f64>(totals + matrix * 8, dot(written, written, rows * columns));
  }
}

/** Differences of one column, by the sorted row numbers of its values and the sorted keys of the others. */
function compare(values: usize, sources: usize, others: usize, results: usize, rows: i32): void {
  for (let i = 0; i < rows; i++) {
    const at = load<i32>(sources + i * row4) * row4;
    const other = reinterpret<f32>(turn(load<i32>(others + i * row4)));
    store<f32>(results + at, load<f32>(values + at) - other);
  }
}

/** Copies four columns, or one into four. */
function load4(from: usize, stride: i32, lanes: i32, to: usize, rows: i32): void {
  for (let row = 0; row < rows; row++) {
    v128.store(to, lanes === 4 ? v128.load(from) : v128.load32_splat(from));
    from += stride;
    to += row4;
  }
}

/** Copies four columns, or the first of them, back. */
function store4(from: usize, to: usize, stride: i32, lanes: i32, rows: i32): void {
  for (let row = 0; row < rows; row++) {
    if (lanes === 4) v128.store(to, v128.load(from));
    else store<f32>(to, load<f32>(from));
    from += row4;
    to += stride;
  }
}

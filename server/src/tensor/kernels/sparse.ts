/**
 * Products of a sparse matrix in compressed rows with a dense one. Every output adds its row's entries in ascending
 * order, so results do not depend on how rows are divided among threads.
 *
 * Rows of the dense matrix are read in blocks of columns whose sums stay in registers while the entries are walked.
 */
import { sumEntries } from './entries';
import { f32Bytes } from './vector';

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

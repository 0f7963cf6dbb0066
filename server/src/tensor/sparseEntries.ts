/** What compositions of standard operations make of the entries of a sparse matrix. */
import * as tf from '@tensorflow/tfjs-core';
import { SparseMatrix } from './sparseMatrix';
import { withGradient } from './withGradient';

/** The matrix that picks rows, `[rows.length, count]`. */
export function selection(rows: Int32Array, count: number): SparseMatrix {
  const offsets = Int32Array.from({ length: rows.length + 1 }, (_, i) => i);
  return new SparseMatrix([rows.length, count], offsets, rows, new Float32Array(rows.length).fill(1));
}

/**
 * Largest value of the entries of each row, as a constant: no gradient passes.
 *
 * @param values one row an entry, `[entries, width]`
 * @returns `[rows, width]`; of no account in empty rows
 */
export function largestOfRows({ rowOffsets, shape: [rows] }: SparseMatrix, values: tf.Tensor2D): tf.Tensor2D {
  const [entries, width] = values.shape;
  return withGradient([], () => ({
    value: entries === 0 ? tf.zeros([rows, width]) : tf.max(tf.gather(values, paddedPlaces(rowOffsets, rows)), 1),
    saved: [],
    gradient: () => [],
  }));
}

/** Places of each row's entries, `[rows, longest row]`; short rows name their last entry again. */
function paddedPlaces(rowOffsets: Int32Array, rows: number): tf.Tensor2D {
  let longest = 1;
  for (let r = 0; r < rows; r++) longest = Math.max(longest, rowOffsets[r + 1] - rowOffsets[r]);
  const places = new Int32Array(rows * longest);
  for (let r = 0; r < rows; r++) {
    const last = Math.max(0, rowOffsets[r + 1] - 1);
    for (let i = 0; i < longest; i++) places[r * longest + i] = Math.min(rowOffsets[r] + i, last);
  }
  return tf.tensor2d(places, [rows, longest], 'int32');
}

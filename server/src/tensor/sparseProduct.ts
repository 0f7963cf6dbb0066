import * as tf from '@tensorflow/tfjs-core';
import { hostLoop, valuesAreInReach } from './hostMemory';
import { repeatRow } from './rows';
import type { SparseMatrix } from './sparseMatrix';
import { withGradient } from './withGradient';

/**
 * min(A h, c): one round of message passing, or a readout, differentiable in `h`.
 *
 * @param matrix A, `[rows, nodes]`, constant
 * @param h `[nodes, width]`
 * @param upper c, an upper bound per column, `[width]`; none where absent. No gradient passes where it holds
 * @returns `[rows, width]`
 */
export function sparseProduct(matrix: SparseMatrix, h: tf.Tensor2D, upper?: Float32Array): tf.Tensor2D {
  if (!valuesAreInReach()) return sparseProductComposed(matrix, h, upper);
  return withGradient([h], () => {
    const value = multiply(matrix, h, upper);
    return {
      value,
      saved: upper === undefined ? [] : [value],
      gradient: (dy, [y]) => {
        if (upper === undefined) return [multiply(matrix.transposed, dy)];
        const passed = tf.mul(dy, tf.step(tf.sub(repeatRow(upper, matrix.shape[0]), y)));
        return [multiply(matrix.transposed, passed)];
      },
    };
  });
}

/** The same operation composed of standard ones. */
export function sparseProductComposed(matrix: SparseMatrix, h: tf.Tensor2D, upper?: Float32Array): tf.Tensor2D {
  return tf.tidy(() => {
    const [rows, width] = [matrix.shape[0], h.shape[1]];
    let product: tf.Tensor2D = tf.zeros([rows, width]);
    if (matrix.values.length > 0) {
      const messages = tf.mul(
        tf.gather(h, tf.tensor1d(matrix.columnIndices, 'int32')),
        tf.tensor2d(matrix.values, [matrix.values.length, 1]),
      );
      product = tf.unsortedSegmentSum(messages, tf.tensor1d(matrix.rowIndices(), 'int32'), rows) as tf.Tensor2D;
    }
    return upper === undefined ? product : tf.minimum(product, tf.tensor1d(upper));
  });
}

function multiply(matrix: SparseMatrix, h: tf.Tensor, upper?: Float32Array): tf.Tensor {
  const width = h.shape[1] as number;
  return hostLoop([h], [[matrix.shape[0], width]], ([x], [y]) => multiplyRows(matrix, x, width, y, upper))[0];
}

/**
 * y = min(A x, c) on plain arrays.
 *
 * @param x `[columns of A, width]`, row-major
 * @param y receives the result, `[rows of A, width]`
 */
export function multiplyRows(
  { shape: [rows], rowOffsets, columnIndices, values }: SparseMatrix,
  x: Float32Array,
  width: number,
  y: Float32Array,
  upper: Float32Array = new Float32Array(width).fill(Infinity),
): void {
  const blocked = width - (width % 4);
  for (let r = 0; r < rows; r++) {
    const begin = rowOffsets[r];
    const end = rowOffsets[r + 1];
    // Four columns at a time in local variables: more than twice as fast as adding into y.
    for (let j = 0; j < blocked; j += 4) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = begin; k < end; k++) {
        const from = columnIndices[k] * width + j;
        const value = values[k];
        s0 += value * x[from];
        s1 += value * x[from + 1];
        s2 += value * x[from + 2];
        s3 += value * x[from + 3];
      }
      const to = r * width + j;
      y[to] = Math.min(s0, upper[j]);
      y[to + 1] = Math.min(s1, upper[j + 1]);
      y[to + 2] = Math.min(s2, upper[j + 2]);
      y[to + 3] = Math.min(s3, upper[j + 3]);
    }
    for (let j = blocked; j < width; j++) {
      let sum = 0;
      for (let k = begin; k < end; k++) sum += values[k] * x[columnIndices[k] * width + j];
      y[r * width + j] = Math.min(sum, upper[j]);
    }
  }
}

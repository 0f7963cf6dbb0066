import * as tf from '@tensorflow/tfjs-core';
import { hostLoop } from './hostMemory';

/**
 * A row repeated, `[rows, row.length]`. The WebAssembly backend computes element by element with SIMD, but broadcasts
 * with a scalar loop, ten times slower than making the operand whole first.
 */
export function repeatRow(row: Float32Array, rows: number): tf.Tensor2D {
  const [tile] = hostLoop([], [[rows, row.length]], (_, [values]) => {
    if (values.length === 0) return;
    values.set(row);
    for (let filled = row.length; filled < values.length; filled *= 2) {
      values.copyWithin(filled, 0, Math.min(filled, values.length - filled));
    }
  });
  return tile as tf.Tensor2D;
}

/** Sum of each column, `[columns]` of `[rows, columns]`: as a matrix product, which is what the backends are fastest at. */
export function columnSums(matrix: tf.Tensor2D): tf.Tensor1D {
  return tf.tidy(() => tf.reshape(tf.matMul(tf.ones([1, matrix.shape[0]]), matrix), [matrix.shape[1]]));
}

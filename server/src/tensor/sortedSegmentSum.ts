import * as tf from '@tensorflow/tfjs-core';

/**
 * Sums the rows of each segment, by standard operations and not recorded for gradients. The JavaScript backend makes a
 * full mask for every segment in `UnsortedSegmentSum`, and is fast with `SparseSegmentSum`, which TensorFlow for Node.js
 * does not have: where there is the one, it is taken, and the other elsewhere.
 *
 * @param x `[rows, width]`, at least one row
 * @param segments segment of each row, ascending, `[rows]`
 * @param count number of segments; those without rows are zero
 * @returns `[count, width]`
 */
export function sortedSegmentSum(x: tf.Tensor2D, segments: Int32Array, count: number): tf.Tensor2D {
  return tf.tidy(() => {
    const ids = tf.tensor1d(segments, 'int32');
    if (tf.getKernel(tf.SparseSegmentSum, tf.getBackend()) === undefined) return tf.unsortedSegmentSum(x, ids, count);
    const sums = tf.sparse.sparseSegmentSum(x, tf.range(0, segments.length, 1, 'int32'), ids) as tf.Tensor2D;
    // They end with the last segment that has a row.
    const missing = count - 1 - segments[segments.length - 1];
    return missing === 0 ? sums : tf.concat([sums, tf.zeros([missing, x.shape[1]])]);
  });
}

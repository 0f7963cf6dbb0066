import * as tf from '@tensorflow/tfjs-core';
import { hostLoop, valuesAreInReach } from './hostMemory';
import { withGradient } from './withGradient';

/**
 * Sums consecutive rows: row g of the result adds rows `offsets[g]` to `offsets[g + 1] - 1`. Differentiable.
 *
 * A fused operation over typed arrays for the reason given at `aggregate`.
 *
 * @param values `[rows, width]`
 * @param offsets `[segments + 1]`, ascending from 0 to rows
 * @returns `[segments, width]`; zero for an empty segment
 */
export function segmentSum(values: tf.Tensor2D, offsets: Int32Array): tf.Tensor2D {
  const segments = offsets.length - 1;
  const [rows, width] = values.shape;
  if (!valuesAreInReach()) return segmentSumComposed(values, offsets);
  return withGradient([values], () => ({
    value: sumRows(values, offsets, [segments, width]),
    saved: [],
    gradient: (dy) => [repeatRows(dy, offsets, [rows, width])],
  }));
}

/** `segmentSum` composed of standard operations. */
export function segmentSumComposed(values: tf.Tensor2D, offsets: Int32Array): tf.Tensor2D {
  return tf.tidy(() =>
    tf.unsortedSegmentSum(values, tf.tensor1d(segmentIndices(offsets), 'int32'), offsets.length - 1),
  );
}

/** Number of rows of each segment as a column, at least 1 so that it can be divided by, `[segments, 1]`. */
export function segmentSizes(offsets: Int32Array): tf.Tensor2D {
  const sizes = Float32Array.from({ length: offsets.length - 1 }, (_, g) => Math.max(1, offsets[g + 1] - offsets[g]));
  return tf.tensor2d(sizes, [sizes.length, 1]);
}

function sumRows(values: tf.Tensor, offsets: Int32Array, shape: readonly [number, number]): tf.Tensor {
  const [segments, width] = shape;
  const blocked = width - (width % 4);
  return hostLoop([values], [shape], ([x], [y]) => {
    for (let g = 0; g < segments; g++) {
      const begin = offsets[g] * width;
      const end = offsets[g + 1] * width;
      // Four columns at a time in local variables: more than twice as fast as adding into y.
      for (let j = 0; j < blocked; j += 4) {
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        for (let i = begin + j; i < end; i += width) {
          s0 += x[i];
          s1 += x[i + 1];
          s2 += x[i + 2];
          s3 += x[i + 3];
        }
        y[g * width + j] = s0;
        y[g * width + j + 1] = s1;
        y[g * width + j + 2] = s2;
        y[g * width + j + 3] = s3;
      }
      for (let j = blocked; j < width; j++) {
        let sum = 0;
        for (let i = begin + j; i < end; i += width) sum += x[i];
        y[g * width + j] = sum;
      }
    }
  })[0];
}

function repeatRows(values: tf.Tensor, offsets: Int32Array, shape: readonly [number, number]): tf.Tensor {
  const width = shape[1];
  return hostLoop([values], [shape], ([x], [y]) => {
    for (let g = 0; g + 1 < offsets.length; g++) {
      for (let row = offsets[g]; row < offsets[g + 1]; row++) {
        for (let j = 0; j < width; j++) y[row * width + j] = x[g * width + j];
      }
    }
  })[0];
}

function segmentIndices(offsets: Int32Array): Int32Array {
  const indices = new Int32Array(offsets[offsets.length - 1]);
  for (let g = 0; g + 1 < offsets.length; g++) indices.fill(g, offsets[g], offsets[g + 1]);
  return indices;
}

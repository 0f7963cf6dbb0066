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

/**
 * Repeats row g of `values` for every row of segment g: the transpose of `segmentSum`. Differentiable.
 *
 * @param values `[segments, width]`
 * @param offsets `[segments + 1]`, ascending from 0 to rows
 * @returns `[rows, width]`
 */
export function segmentRepeat(values: tf.Tensor2D, offsets: Int32Array): tf.Tensor2D {
  const [segments, width] = values.shape;
  const rows = offsets[segments];
  if (!valuesAreInReach()) return segmentRepeatComposed(values, offsets);
  return withGradient([values], () => ({
    value: repeatRows(values, offsets, [rows, width]),
    saved: [],
    gradient: (dy) => [sumRows(dy, offsets, [segments, width])],
  }));
}

/** `segmentSum` composed of standard operations. */
export function segmentSumComposed(values: tf.Tensor2D, offsets: Int32Array): tf.Tensor2D {
  return tf.tidy(() =>
    tf.unsortedSegmentSum(values, tf.tensor1d(segmentIndices(offsets), 'int32'), offsets.length - 1),
  );
}

/** `segmentRepeat` composed of standard operations. */
export function segmentRepeatComposed(values: tf.Tensor2D, offsets: Int32Array): tf.Tensor2D {
  return tf.tidy(() => tf.gather(values, tf.tensor1d(segmentIndices(offsets), 'int32')));
}

/** Number of rows of each segment as a column, at least 1 so that it can be divided by, `[segments, 1]`. */
export function segmentSizes(offsets: Int32Array): tf.Tensor2D {
  const sizes = Float32Array.from({ length: offsets.length - 1 }, (_, g) => Math.max(1, offsets[g + 1] - offsets[g]));
  return tf.tensor2d(sizes, [sizes.length, 1]);
}

function sumRows(values: tf.Tensor, offsets: Int32Array, shape: readonly [number, number]): tf.Tensor {
  const [segments, width] = shape;
  return hostLoop([values], [shape], ([x], [y]) => {
    y.fill(0);
    for (let g = 0; g < segments; g++) {
      for (let row = offsets[g]; row < offsets[g + 1]; row++) {
        for (let j = 0; j < width; j++) y[g * width + j] += x[row * width + j];
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

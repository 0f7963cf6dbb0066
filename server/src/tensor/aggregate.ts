import * as tf from '@tensorflow/tfjs-core';
import { hostLoop, valuesAreInReach } from './hostMemory';
import { repeatRow } from './rows';
import { withGradient } from './withGradient';

/** Compressed sparse rows of a symmetric 0/1 matrix A; the neighbours of node v are `columns[rowOffsets[v] ... rowOffsets[v + 1]]`. */
export interface Adjacency {
  /** `[nodes + 1]` */
  readonly rowOffsets: Int32Array;
  /** `[directed edges]` */
  readonly columns: Int32Array;
}

/**
 * Sum aggregation of message passing: min((A + s I) h, c), differentiable in `h`.
 *
 * A fused operation over typed arrays: the WebAssembly backend has no `UnsortedSegmentSum`, and the one of the
 * JavaScript backend makes a full mask for every segment. A is symmetric, so the gradient is the same product.
 *
 * @param h `[nodes, width]`
 * @param selfWeight s, the weight of a node's own row; default 1
 * @param upper c, an upper bound per column, `[width]`; none where absent. No gradient passes where it holds
 * @returns `[nodes, width]`
 */
export function aggregate(h: tf.Tensor2D, adjacency: Adjacency, selfWeight = 1, upper?: Float32Array): tf.Tensor2D {
  if (!valuesAreInReach()) return aggregateComposed(h, adjacency, selfWeight, upper);
  const multiply = (input: tf.Tensor, bounds?: Float32Array): tf.Tensor =>
    hostLoop([input], [h.shape], ([x], [y]) =>
      propagate(x, h.shape[1], adjacency, { selfWeight, upper: bounds }, y),
    )[0];
  return withGradient([h], () => {
    const value = multiply(h, upper);
    return {
      value,
      saved: upper === undefined ? [] : [value],
      gradient: (dy, [y]) => {
        if (upper === undefined) return [multiply(dy)];
        return [multiply(tf.mul(dy, tf.step(tf.sub(repeatRow(upper, h.shape[0]), y))))];
      },
    };
  });
}

/** The same operation composed of standard ones. */
export function aggregateComposed(
  h: tf.Tensor2D,
  adjacency: Adjacency,
  selfWeight = 1,
  upper?: Float32Array,
): tf.Tensor2D {
  return tf.tidy(() => {
    let sum: tf.Tensor2D = tf.mul(h, selfWeight);
    if (adjacency.columns.length > 0) {
      const messages = tf.gather(h, tf.tensor1d(adjacency.columns, 'int32'));
      sum = tf.add(sum, tf.unsortedSegmentSum(messages, tf.tensor1d(rowIndices(adjacency), 'int32'), h.shape[0]));
    }
    return upper === undefined ? sum : tf.minimum(sum, tf.tensor1d(upper));
  });
}

export interface PropagateOptions {
  readonly selfWeight: number;
  readonly upper?: Float32Array;
}

/**
 * y = min((A + s I) x, c) on plain arrays.
 *
 * @param x `[nodes, width]`, row-major
 * @param y receives the result, `[nodes, width]`
 */
export function propagate(
  x: Float32Array,
  width: number,
  adjacency: Adjacency,
  { selfWeight, upper = new Float32Array(width).fill(Infinity) }: PropagateOptions,
  y: Float32Array,
): void {
  const { rowOffsets, columns } = adjacency;
  const blocked = width - (width % 4);
  for (let v = 0; v + 1 < rowOffsets.length; v++) {
    const begin = rowOffsets[v];
    const end = rowOffsets[v + 1];
    // Four columns at a time in local variables: more than twice as fast as adding into y.
    for (let j = 0; j < blocked; j += 4) {
      const own = v * width + j;
      let s0 = selfWeight * x[own];
      let s1 = selfWeight * x[own + 1];
      let s2 = selfWeight * x[own + 2];
      let s3 = selfWeight * x[own + 3];
      for (let e = begin; e < end; e++) {
        const other = columns[e] * width + j;
        s0 += x[other];
        s1 += x[other + 1];
        s2 += x[other + 2];
        s3 += x[other + 3];
      }
      y[own] = s0 < upper[j] ? s0 : upper[j];
      y[own + 1] = s1 < upper[j + 1] ? s1 : upper[j + 1];
      y[own + 2] = s2 < upper[j + 2] ? s2 : upper[j + 2];
      y[own + 3] = s3 < upper[j + 3] ? s3 : upper[j + 3];
    }
    for (let j = blocked; j < width; j++) {
      let sum = selfWeight * x[v * width + j];
      for (let e = begin; e < end; e++) sum += x[columns[e] * width + j];
      y[v * width + j] = sum < upper[j] ? sum : upper[j];
    }
  }
}

/** Row of each stored entry, `[directed edges]`. */
function rowIndices({ rowOffsets, columns }: Adjacency): Int32Array {
  const rows = new Int32Array(columns.length);
  for (let v = 0; v + 1 < rowOffsets.length; v++) rows.fill(v, rowOffsets[v], rowOffsets[v + 1]);
  return rows;
}

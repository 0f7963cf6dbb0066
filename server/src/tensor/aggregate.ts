import * as tf from '@tensorflow/tfjs-core';
import { clampColumns } from './columns';
import { hostLoop, valuesAreInReach } from './hostMemory';
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
  const [, width] = h.shape;
  return withGradient([h], () => {
    const [value] = hostLoop([h], [h.shape], ([x], [y]) => {
      propagate(x, width, adjacency, selfWeight, y);
      if (upper !== undefined) clampColumns(y, upper);
    });
    return {
      value,
      saved: upper === undefined ? [] : [value],
      gradient: (dy, saved) =>
        hostLoop([dy, ...saved], [dy.shape], ([g, y], [dx]) => {
          const passed = upper === undefined ? g : maskBelow(g, y, upper);
          propagate(passed, width, adjacency, selfWeight, dx);
        }),
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

/**
 * y = (A + s I) x on plain arrays.
 *
 * @param x `[nodes, width]`, row-major
 * @param y receives the result, `[nodes, width]`
 */
export function propagate(
  x: Float32Array,
  width: number,
  { rowOffsets, columns }: Adjacency,
  selfWeight: number,
  y: Float32Array,
): void {
  const nodes = rowOffsets.length - 1;
  for (let v = 0; v < nodes; v++) {
    const row = v * width;
    for (let j = 0; j < width; j++) y[row + j] = selfWeight * x[row + j];
    for (let e = rowOffsets[v]; e < rowOffsets[v + 1]; e++) {
      const neighbour = columns[e] * width;
      for (let j = 0; j < width; j++) y[row + j] += x[neighbour + j];
    }
  }
}

/** Row of each stored entry, `[directed edges]`. */
function rowIndices({ rowOffsets, columns }: Adjacency): Int32Array {
  const rows = new Int32Array(columns.length);
  for (let v = 0; v + 1 < rowOffsets.length; v++) rows.fill(v, rowOffsets[v], rowOffsets[v + 1]);
  return rows;
}

function maskBelow(gradient: Float32Array, values: Float32Array, upper: Float32Array): Float32Array {
  const width = upper.length;
  const masked = new Float32Array(gradient.length);
  for (let row = 0; row < values.length; row += width) {
    for (let j = 0; j < width; j++) if (values[row + j] < upper[j]) masked[row + j] = gradient[row + j];
  }
  return masked;
}

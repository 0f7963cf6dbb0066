import * as tf from '@tensorflow/tfjs-core';
import { hostLoop, valuesAreInReach } from './hostMemory';
import { withGradient } from './withGradient';

/** What the matrix of each graph is summed from: pairs of rows with weights. */
export interface GramTerms {
  /** Start of each graph's terms, `[graphs + 1]`. */
  readonly offsets: Int32Array;
  /** Row of the left input in each term, `[terms]`. */
  readonly leftRows: Int32Array;
  /** Row of the right input in each term, `[terms]`. */
  readonly rightRows: Int32Array;
  /** `[terms]` */
  readonly weights: Float32Array;
}

/**
 * The matrix G_g = sum_k w_k L[left_k]^T R[right_k] over the terms k of each graph g (with terms for its nodes, of
 * weight 1 / n_g, the "flow of solution procedure" matrix of Yim et al. 2017; the relation matrix of GraphNAD,
 * arXiv 2501.05835).
 *
 * One fused operation: blocks of different heights would need padding or a tensor per graph.
 *
 * @param left L, `[rows, c]`
 * @param right R, `[other rows, d]`
 * @returns `[graphs, c, d]`; the gradient flows to both inputs
 */
export function graphGrams(left: tf.Tensor2D, right: tf.Tensor2D, terms: GramTerms): tf.Tensor3D {
  if (!valuesAreInReach()) return graphGramsComposed(left, right, terms);
  const widths: Widths = [left.shape[1], right.shape[1]];
  return withGradient([left, right], () => {
    const shape = [terms.offsets.length - 1, ...widths];
    const [value] = hostLoop([left, right], [shape], ([l, r], [out]) => grams(l, r, terms, widths, out));
    return {
      value,
      saved: [left, right],
      gradient: (dy, saved) =>
        hostLoop([dy, ...saved], [left.shape, right.shape], ([dg, l, r], [dl, dr]) => {
          gramsGradient(dg, l, r, terms, widths, dl, dr);
        }),
    };
  });
}

/** The same operation composed of standard ones. */
export function graphGramsComposed(left: tf.Tensor2D, right: tf.Tensor2D, terms: GramTerms): tf.Tensor3D {
  const { offsets, leftRows, rightRows, weights } = terms;
  return tf.tidy(() => {
    const matrices = Array.from({ length: offsets.length - 1 }, (_, g) => {
      const [begin, end] = [offsets[g], offsets[g + 1]];
      const rows = (of: tf.Tensor2D, indices: Int32Array): tf.Tensor2D =>
        tf.gather(of, tf.tensor1d(indices.slice(begin, end), 'int32'));
      const weighted = tf.mul(rows(left, leftRows), tf.tensor2d(weights.slice(begin, end), [end - begin, 1]));
      return tf.matMul(weighted, rows(right, rightRows), true, false);
    });
    return tf.stack(matrices) as tf.Tensor3D;
  });
}

/** Columns of the left and the right input. */
type Widths = readonly [left: number, right: number];

/** The operation on plain arrays; writes `[graphs, c, d]` to `result`. */
function grams(
  left: Float32Array,
  right: Float32Array,
  { offsets, leftRows, rightRows, weights }: GramTerms,
  [width, depth]: Widths,
  result: Float32Array,
): void {
  const sum = new Float64Array(width * depth);
  for (let g = 0; g + 1 < offsets.length; g++) {
    sum.fill(0);
    for (let k = offsets[g]; k < offsets[g + 1]; k++) {
      const from = leftRows[k] * width;
      const row = rightRows[k] * depth;
      for (let c = 0; c < width; c++) {
        const x = weights[k] * left[from + c];
        if (x === 0) continue; // about half of all ReLU outputs
        const target = c * depth;
        for (let d = 0; d < depth; d++) sum[target + d] += x * right[row + d];
      }
    }
    result.set(sum, g * sum.length);
  }
}

/**
 * The gradient of `grams` on plain arrays.
 *
 * @param upstream `[graphs, c, d]`
 * @param toLeft receives the gradient of the left input
 * @param toRight receives the gradient of the right input
 */
function gramsGradient(
  upstream: Float32Array,
  left: Float32Array,
  right: Float32Array,
  { offsets, leftRows, rightRows, weights }: GramTerms,
  [width, depth]: Widths,
  toLeft: Float32Array,
  toRight: Float32Array,
): void {
  toLeft.fill(0);
  toRight.fill(0);
  const rowGradient = new Float64Array(depth);
  for (let g = 0; g + 1 < offsets.length; g++) {
    for (let k = offsets[g]; k < offsets[g + 1]; k++) {
      const from = leftRows[k] * width;
      const row = rightRows[k] * depth;
      rowGradient.fill(0);
      for (let c = 0; c < width; c++) {
        const x = left[from + c];
        const start = (g * width + c) * depth;
        let dot = 0;
        for (let d = 0; d < depth; d++) {
          const slope = upstream[start + d];
          dot += slope * right[row + d];
          rowGradient[d] += slope * x;
        }
        toLeft[from + c] += weights[k] * dot;
      }
      for (let d = 0; d < depth; d++) toRight[row + d] += weights[k] * rowGradient[d];
    }
  }
}

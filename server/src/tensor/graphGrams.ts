import * as tf from '@tensorflow/tfjs-core';
import { engineInUse, type GraphnadBackend } from './engine/graphnadBackend';
import { SparseMatrix } from './sparseMatrix';
import { multiply, sparseProduct } from './sparseProduct';
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
  const engine = engineInUse();
  if (engine === undefined) return graphGramsComposed(left, right, terms);
  const [pickLeft, pickRight] = picks(left, right, terms);
  return withGradient([left, right], () => {
    const rows = [multiply(engine, pickLeft, left), multiply(engine, pickRight, right)];
    return {
      value: grams(engine, rows, terms),
      saved: rows,
      gradient: (dy, saved) => {
        const [toLeft, toRight] = gramsGradient(engine, saved, dy, terms);
        return [multiply(engine, pickLeft.transposed, toLeft), multiply(engine, pickRight.transposed, toRight)];
      },
    };
  });
}

/** The same operation composed of standard ones. */
export function graphGramsComposed(left: tf.Tensor2D, right: tf.Tensor2D, terms: GramTerms): tf.Tensor3D {
  const { offsets } = terms;
  const [pickLeft, pickRight] = picks(left, right, terms);
  return tf.tidy(() => {
    const [l, r] = [sparseProduct(pickLeft, left), sparseProduct(pickRight, right)];
    const matrices = Array.from({ length: offsets.length - 1 }, (_, g) => {
      const rowsOf = (of: tf.Tensor2D): tf.Tensor2D => tf.slice(of, [offsets[g], 0], [offsets[g + 1] - offsets[g], -1]);
      return tf.matMul(rowsOf(l), rowsOf(r), true, false);
    });
    return tf.stack(matrices) as tf.Tensor3D;
  });
}

/** The matrices that take the inputs to the rows of the terms; the weights go to the left ones. */
function picks(
  left: tf.Tensor2D,
  right: tf.Tensor2D,
  { leftRows, rightRows, weights }: GramTerms,
): [left: SparseMatrix, right: SparseMatrix] {
  const count = weights.length;
  const offsets = Int32Array.from({ length: count + 1 }, (_, k) => k);
  return [
    new SparseMatrix([count, left.shape[0]], offsets, leftRows, weights),
    new SparseMatrix([count, right.shape[0]], offsets, rightRows, new Float32Array(count).fill(1)),
  ];
}

/** `[graphs, c, d]` of the terms' rows, `[terms, c]` and `[terms, d]`. */
function grams(engine: GraphnadBackend, rows: readonly tf.Tensor2D[], { offsets }: GramTerms): tf.Tensor3D {
  const graphs = offsets.length - 1;
  const [width, depth] = rows.map(({ shape }) => shape[1]);
  const { tensor, address } = engine.output<tf.Tensor3D>([graphs, width, depth]);
  engine.withWorkspace((workspace) => {
    const inputs = rows.map((tensor) => engine.address(tensor));
    engine.launch('graphGrams', graphs, workspace.copy(offsets), ...inputs, address, width, depth);
  });
  return tensor;
}

/** Gradients of the terms' rows. */
function gramsGradient(
  engine: GraphnadBackend,
  rows: readonly tf.Tensor[],
  dy: tf.Tensor,
  { offsets }: GramTerms,
): tf.Tensor[] {
  const graphs = offsets.length - 1;
  const [width, depth] = dy.shape.slice(1);
  const outputs = rows.map(({ shape }) => engine.output(shape));
  engine.withWorkspace((workspace) => {
    const inputs = [...rows, dy].map((tensor) => engine.address(tensor));
    const turned = workspace.room(graphs * width * depth);
    const addresses = [...inputs, turned, ...outputs.map(({ address }) => address)];
    engine.launch('graphGramsGradient', graphs, workspace.copy(offsets), ...addresses, width, depth);
  });
  return outputs.map(({ tensor }) => tensor);
}

import * as tf from '@tensorflow/tfjs-core';
import { columnSums } from './dense';
import { lanesOf, negativeSlope } from './edgeAttention';
import { engineInUse, type GraphnadBackend } from './engine/graphnadBackend';
import { largestOfRows, selection } from './sparseEntries';
import type { SparseMatrix } from './sparseMatrix';
import { sparseProduct } from './sparseProduct';
import { withGradient } from './withGradient';

/** Features, heads side by side, of nodes in both of their parts. */
export interface AttentionFeatures {
  /** Of the nodes that receive, `[rows, heads * width]`: W_r h + b_r. */
  readonly target: tf.Tensor2D;
  /** Of those they receive from, `[columns, heads * width]`: W_l h + b_l. */
  readonly source: tf.Tensor2D;
}

/**
 * What nodes receive in a GATv2 layer (Brody et al. 2022; `GATv2Conv` of PyTorch Geometric): for each head h and row v of
 * the matrix the sum of alpha_vu source_u over the row's entries u, where alpha_v is the softmax of
 * a_h . LeakyReLU(target_v + source_u), an entry of value w counting w times. Differentiable in the features and a.
 *
 * @param edges who receives from whom, self-loops included, `[rows, columns]`; values are at least 0 and not all 0 in any
 *   row. Constant
 * @param vector a, `[heads, width]`
 * @returns `[rows, heads * width]`; zero in rows without entries
 */
export function edgeAttentionV2(
  edges: SparseMatrix,
  { target, source }: AttentionFeatures,
  vector: tf.Tensor2D,
): tf.Tensor2D {
  const engine = engineInUse();
  if (engine === undefined) return edgeAttentionV2Composed(edges, { target, source }, vector);
  return withGradient([target, source, vector], () => {
    const { value, weights } = attend(engine, edges, { target, source }, vector);
    return {
      value,
      saved: [target, source, vector, weights],
      gradient: (dy, saved) => attendGradient(engine, edges, dy, saved),
    };
  });
}

function attend(
  engine: GraphnadBackend,
  edges: SparseMatrix,
  { target, source }: AttentionFeatures,
  vector: tf.Tensor2D,
): { readonly value: tf.Tensor2D; readonly weights: tf.Tensor } {
  const [heads, width] = vector.shape;
  const lanes = lanesOf(heads);
  const weights = engine.output([edges.values.length, lanes]);
  const value = engine.output<tf.Tensor2D>(target.shape);
  engine.withWorkspace((workspace) => {
    const entries = [edges.rowOffsets, edges.columnIndices, edges.values].map((array) => workspace.copy(array));
    const operands = [target, source, vector].map((tensor) => engine.address(tensor));
    const outputs = [weights.address, value.address];
    engine.launch('edgeAttentionV2', edges.shape[0], ...entries, ...operands, ...outputs, heads, lanes, width);
  });
  return { value: value.tensor, weights: weights.tensor };
}

/** Gradients of targets, sources and the vector. */
function attendGradient(
  engine: GraphnadBackend,
  edges: SparseMatrix,
  dy: tf.Tensor,
  saved: readonly tf.Tensor[],
): tf.Tensor[] {
  const [target, source, vector] = saved;
  const [heads, width] = vector.shape as [number, number];
  const lanes = lanesOf(heads);
  const sizes = [heads, lanes, width];
  const operands = [...saved, dy].map((tensor) => engine.address(tensor));
  const [dTarget, dSource] = [target, source].map(({ shape }) => engine.output(shape));
  const parts = engine.output<tf.Tensor2D>([edges.shape[0], heads * width]);
  engine.withWorkspace((workspace) => {
    const [toEntries, turned] = [0, 1].map(() => workspace.room(edges.values.length * lanes));
    const entries = [edges.rowOffsets, edges.columnIndices].map((array) => workspace.copy(array));
    const outputs = [toEntries, dTarget.address, parts.address];
    engine.launch('edgeAttentionV2TargetGradient', edges.shape[0], ...entries, ...operands, ...outputs, ...sizes);
    const { rowOffsets, columnIndices } = edges.transposed;
    const others = [rowOffsets, columnIndices, edges.transposedOrder].map((array) => workspace.copy(array));
    const rooms = [toEntries, turned, dSource.address];
    engine.launch('edgeAttentionV2SourceGradient', edges.shape[1], ...others, ...operands, ...rooms, ...sizes);
  });
  const dVector = tf.reshape(columnSums(engine, parts.tensor), [heads, width]);
  parts.tensor.dispose();
  return [dTarget.tensor, dSource.tensor, dVector];
}

/** The same operation composed of standard ones, and of sparse products that gather and add up. */
export function edgeAttentionV2Composed(
  edges: SparseMatrix,
  { target, source }: AttentionFeatures,
  vector: tf.Tensor2D,
): tf.Tensor2D {
  const [heads, width] = vector.shape;
  const [rows, columns] = edges.shape;
  const entries = edges.values.length;
  return tf.tidy(() => {
    const ofTargets = selection(edges.rowIndices(), rows);
    const sources = sparseProduct(selection(edges.columnIndices, columns), source);
    const sums = tf.leakyRelu(tf.add(sparseProduct(ofTargets, target), sources), negativeSlope);
    const scores: tf.Tensor2D = tf.sum(tf.mul(tf.reshape(sums, [entries, heads, width]), vector), 2);
    // The softmax does not depend on what is taken off all scores of a row.
    const largest = largestOfRows(edges, scores);
    const counts = tf.tensor2d(edges.values, [entries, 1]);
    const shares = tf.mul<tf.Tensor2D>(counts, tf.exp(tf.sub(scores, sparseProduct(ofTargets, largest))));
    const weights = tf.div(shares, sparseProduct(ofTargets, sparseProduct(ofTargets.transposed, shares)));
    const messages = tf.mul(tf.reshape(sources, [entries, heads, width]), tf.reshape(weights, [entries, heads, 1]));
    return sparseProduct(ofTargets.transposed, tf.reshape(messages, [entries, heads * width]));
  });
}

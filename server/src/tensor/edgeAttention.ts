import * as tf from '@tensorflow/tfjs-core';
import { engineInUse, type GraphnadBackend } from './engine/graphnadBackend';
import { largestOfRows, selection } from './sparseEntries';
import type { SparseMatrix } from './sparseMatrix';
import { sparseProduct } from './sparseProduct';
import { withGradient } from './withGradient';

/** The vectors that make scores of a head's features, `[heads, width]` each. */
export interface AttentionVectors {
  /** For the node that receives. */
  readonly target: tf.Tensor2D;
  /** For the nodes it receives from. */
  readonly source: tf.Tensor2D;
}

/** Slope of the LeakyReLU for negative values. */
export const negativeSlope = 0.2;

/**
 * What nodes receive in a graph attention layer (Velickovic et al. 2018; `GATConv` of PyTorch Geometric): for each head h
 * and row v of the matrix the sum of alpha_vu z_u over the row's entries u, where alpha_v is the softmax of
 * LeakyReLU(target_h . z_v + source_h . z_u), an entry of value w counting w times. Differentiable in z and the vectors.
 *
 * @param edges who receives from whom, self-loops included, `[nodes, nodes]`; values are at least 0 and not all 0 in any
 *   row. Constant
 * @param z features, heads side by side, `[nodes, heads * width]`
 * @returns `[nodes, heads * width]`; zero in rows without entries
 */
export function edgeAttention(edges: SparseMatrix, z: tf.Tensor2D, vectors: AttentionVectors): tf.Tensor2D {
  const engine = engineInUse();
  if (engine === undefined) return edgeAttentionComposed(edges, z, vectors);
  const { target, source } = vectors;
  return withGradient([z, target, source], () => {
    const { value, scores, weights } = attend(engine, edges, z, vectors);
    return {
      value,
      saved: [z, target, source, scores, weights],
      gradient: (dy, saved) => attendGradient(engine, edges, dy, saved),
    };
  });
}

/** Heads rounded up to whole vectors of four. */
export function lanesOf(heads: number): number {
  return Math.ceil(heads / 4) * 4;
}

interface Attention {
  readonly value: tf.Tensor2D;
  /** Scores as target and as source, `[nodes, 2, lanes]`. */
  readonly scores: tf.Tensor;
  /** `[entries, lanes]` */
  readonly weights: tf.Tensor;
}

function attend(
  engine: GraphnadBackend,
  edges: SparseMatrix,
  z: tf.Tensor2D,
  { target, source }: AttentionVectors,
): Attention {
  const [heads, width] = target.shape;
  const lanes = lanesOf(heads);
  const nodes = z.shape[0];
  const scores = engine.output([nodes, 2, lanes]);
  const weights = engine.output([edges.values.length, lanes]);
  const value = engine.output<tf.Tensor2D>(z.shape);
  const [from, targetVector, sourceVector] = [z, target, source].map((tensor) => engine.address(tensor));
  const sizes = [heads, lanes, width];
  engine.launch('attentionScores', nodes, from, targetVector, sourceVector, scores.address, ...sizes);
  engine.withWorkspace((workspace) => {
    const entries = [edges.rowOffsets, edges.columnIndices, edges.values].map((array) => workspace.copy(array));
    const outputs = [weights.address, value.address];
    engine.launch('edgeAttention', nodes, ...entries, scores.address, from, ...outputs, ...sizes);
  });
  return { value: value.tensor, scores: scores.tensor, weights: weights.tensor };
}

/** Gradients of z and the two vectors. */
function attendGradient(
  engine: GraphnadBackend,
  edges: SparseMatrix,
  dy: tf.Tensor,
  saved: readonly tf.Tensor[],
): tf.Tensor[] {
  const [features, vector] = saved;
  const nodes = features.shape[0];
  const [heads, width] = vector.shape as [number, number];
  const lanes = lanesOf(heads);
  const sizes = [heads, lanes, width];
  const [z, target, source, scores, weights] = saved.map((tensor) => engine.address(tensor));
  const upstream = engine.address(dy);
  const [dz, dTarget, dSource] = [features, vector, vector].map(({ shape }) => engine.output(shape));
  engine.withWorkspace((workspace) => {
    const toEntries = workspace.room(edges.values.length * lanes);
    const toScores = workspace.room(nodes * 2 * lanes);
    const [offsets, columns] = [edges.rowOffsets, edges.columnIndices].map((array) => workspace.copy(array));
    const outputs = [toEntries, toScores];
    engine.launch('edgeScoreGradient', nodes, offsets, columns, scores, z, weights, upstream, ...outputs, ...sizes);
    const { rowOffsets, columnIndices } = edges.transposed;
    const turned = [rowOffsets, columnIndices, edges.transposedOrder].map((array) => workspace.copy(array));
    const room = workspace.room(edges.values.length * lanes);
    const inputs = [weights, toEntries, room, upstream, target, source, toScores];
    engine.launch('edgeAttentionGradient', nodes, ...turned, ...inputs, dz.address, ...sizes);
    const vectors = [dTarget.address, dSource.address];
    engine.launch('attentionVectorGradient', heads * width, z, toScores, ...vectors, nodes, ...sizes);
  });
  return [dz.tensor, dTarget.tensor, dSource.tensor];
}

/** The same operation composed of standard ones, and of sparse products that gather and add up. */
export function edgeAttentionComposed(edges: SparseMatrix, z: tf.Tensor2D, vectors: AttentionVectors): tf.Tensor2D {
  const [heads, width] = vectors.target.shape;
  const nodes = z.shape[0];
  const entries = edges.values.length;
  return tf.tidy(() => {
    const [fromTargets, fromSources] = [edges.rowIndices(), edges.columnIndices].map((rows) => selection(rows, nodes));
    const parts: tf.Tensor3D = tf.reshape(z, [nodes, heads, width]);
    const scoresBy = (vector: tf.Tensor2D): tf.Tensor2D => tf.sum(tf.mul(parts, vector), 2);
    const scores = tf.leakyRelu<tf.Tensor2D>(
      tf.add(
        sparseProduct(fromTargets, scoresBy(vectors.target)),
        sparseProduct(fromSources, scoresBy(vectors.source)),
      ),
      negativeSlope,
    );
    // The softmax does not depend on what is taken off all scores of a row.
    const largest = largestOfRows(edges, scores);
    const counts = tf.tensor2d(edges.values, [entries, 1]);
    const shares = tf.mul<tf.Tensor2D>(counts, tf.exp(tf.sub(scores, sparseProduct(fromTargets, largest))));
    const sums = sparseProduct(fromTargets.transposed, shares);
    const weights = tf.div(shares, sparseProduct(fromTargets, sums));
    const messages = tf.mul(
      tf.reshape(sparseProduct(fromSources, z), [entries, heads, width]),
      tf.reshape(weights, [entries, heads, 1]),
    );
    return sparseProduct(fromTargets.transposed, tf.reshape(messages, [entries, heads * width]));
  });
}

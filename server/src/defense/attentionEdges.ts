import * as tf from '@tensorflow/tfjs-core';
import type { GraphBatch } from '../graph/batch';
import { WeakMemo } from '../graph/weakMemo';
import { SparseMatrix } from '../tensor/sparseMatrix';
import { sparseProduct } from '../tensor/sparseProduct';

/** Keeps the quotient finite where two layers attend alike on all graphs. */
const tinyDistance = 1e-12;

/**
 * Edges of the attention relation graph (Xia et al. 2022): for each pair of layers the squared distance of their
 * attention maps on each graph, over the largest of the batch.
 *
 * @param maps one `[nodes]` map a layer, of unit norm per graph
 * @returns one `[graphs, 1]` a pair, in the order (0,1), (0,2), ..., (1,2), ...; the gradient flows to the maps
 */
export function attentionEdges(maps: readonly tf.Tensor1D[], batch: GraphBatch): tf.Tensor2D[] {
  const membership = membershipOf(batch);
  return maps.flatMap((map, i) => maps.slice(i + 1).map((other) => tf.tidy(() => edge(map, other, membership))));
}

function edge(map: tf.Tensor1D, other: tf.Tensor1D, membership: SparseMatrix): tf.Tensor2D {
  const squares: tf.Tensor2D = tf.reshape(tf.square(tf.sub(map, other)), [map.size, 1]);
  const distances = tf.maximum(sparseProduct(membership, squares), tinyDistance);
  return tf.div(distances, tf.max(distances));
}

/**
 * Mean squared difference of two models' edges, mean over pairs of layers.
 *
 * @param student edges that the gradient flows to
 * @param teacher edges of the same pairs, constants
 * @returns 0 for a model of one layer, which has no pairs
 */
export function attentionEdgeLoss(student: readonly tf.Tensor2D[], teacher: readonly tf.Tensor2D[]): tf.Scalar {
  if (student.length === 0) return tf.scalar(0);
  return tf.tidy(() => {
    const differences = student.map((edges, pair) => tf.mean<tf.Scalar>(tf.square(tf.sub(edges, teacher[pair]))));
    return tf.div(tf.addN(differences), student.length);
  });
}

const memberships = new WeakMemo<GraphBatch, SparseMatrix>();

/** Which nodes a graph has, as a matrix that sums over them: `[graphs, nodes]`. */
function membershipOf(batch: GraphBatch): SparseMatrix {
  return memberships.get(batch, '', () => {
    const { graphCount, nodeCount, nodeOffsets } = batch;
    const nodes = Int32Array.from({ length: nodeCount }, (_, v) => v);
    return new SparseMatrix([graphCount, nodeCount], nodeOffsets, nodes, new Float32Array(nodeCount).fill(1));
  });
}

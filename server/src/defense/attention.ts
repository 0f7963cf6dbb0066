import * as tf from '@tensorflow/tfjs-core';
import type { LayerOutput } from '../gnn/layerOutput';
import type { GraphBatch } from '../graph/batch';
import { attentionMap } from '../tensor/attentionMap';
import { attentionMatrix, type AttentionWeighting } from '../gnn/attentionMatrix';

/** Which attention map is compared; equations in docs/method.md. */
export interface AttentionOptions {
  /** Exponent p of the activations, 1 to 4. Default 2 (Zagoruyko & Komodakis 2017). */
  readonly power: number;
  /** Degree weighting. Default `propagate`. */
  readonly weighting: AttentionWeighting;
}

/**
 * Attention over nodes of every layer, of unit norm per graph.
 *
 * @returns one `[nodes]` map a layer
 */
export function attentionMaps(
  layers: readonly LayerOutput[],
  batch: GraphBatch,
  { power, weighting }: AttentionOptions,
): tf.Tensor1D[] {
  return layers.map(({ rows, classes }) =>
    attentionMap(rows, attentionMatrix(batch, classes, weighting), batch.nodeOffsets, power),
  );
}

/**
 * L_AD: squared distance of two models' attention maps, summed over layers, mean over graphs.
 *
 * @param student maps that the gradient flows to
 * @param teacher maps of the same layers, constants
 */
export function attentionLoss(
  student: readonly tf.Tensor1D[],
  teacher: readonly tf.Tensor1D[],
  graphCount: number,
): tf.Scalar {
  return tf.tidy(() => {
    const distances = student.map((map, layer) => tf.sum(tf.square(tf.sub(map, teacher[layer]))));
    return tf.div(tf.addN(distances), graphCount);
  });
}

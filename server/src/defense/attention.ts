import * as tf from '@tensorflow/tfjs-core';
import type { GraphBatch } from '../graph/batch';
import { attentionMap, type AttentionWeighting } from '../tensor/attentionMap';

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
 * @param layers outputs of the layers, each `[nodes, channels]`
 * @returns one `[nodes]` map a layer
 */
export function attentionMaps(
  layers: readonly tf.Tensor2D[],
  batch: GraphBatch,
  options: AttentionOptions,
): tf.Tensor1D[] {
  return layers.map((features) => attentionMap(features, batch, options.power, options.weighting));
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

import * as tf from '@tensorflow/tfjs-core';
import { attentionMatrix } from '../gnn/attentionMatrix';
import type { GraphModel } from '../gnn/graphModel';
import type { LayerOutput } from '../gnn/layerOutput';
import type { GraphBatch } from '../graph/batch';
import { attentionMap } from '../tensor/attentionMap';

/** Exponent of the attention that is kept flat: what GraphNAD looks at by default. */
const power = 2;

/**
 * How far a trigger shows in a model: the loss that an adaptive attacker adds against defenses that look at attention or
 * at activations (GraphNAD, bounds).
 *
 * - Attention: squared distance of the attention maps (`docs/method.md`, with `propagate`) of each graph with and without
 *   the trigger, summed over layers, mean over graphs.
 * - Range: by how much outputs of layers exceed, on graphs with the trigger, the largest that their channel has on the
 *   same graphs without it, over the layer's mean range; squared, mean over nodes and channels, summed over layers.
 *
 * What the model does without the trigger is taken as it is: the gradient flows through the triggered graphs alone.
 *
 * @param clean graphs
 * @param triggered the same graphs with the trigger and the same nodes
 */
export function flatnessLoss(model: GraphModel, clean: GraphBatch, triggered: GraphBatch): tf.Scalar {
  return tf.tidy(() => {
    const wanted = model.forward(clean).layers.map((layer) => ({
      map: constant(attentionOf(layer, clean)),
      range: constant(tf.max<tf.Tensor1D>(layer.rows, 0)),
    }));
    const terms = model.forward(triggered).layers.flatMap((layer, i) => {
      const { map, range } = wanted[i];
      const distance = tf.sum<tf.Scalar>(tf.squaredDifference(attentionOf(layer, triggered), map));
      const scale = tf.add(tf.mean(range), tiny);
      const excess = tf.div(tf.relu(tf.sub(layer.rows, range)), scale);
      const share = tf.tensor2d(layer.classes.multiplicity, [layer.classes.count, 1]);
      const total = tf.sum<tf.Scalar>(tf.mul(tf.square(excess), share));
      return [
        tf.div<tf.Scalar>(distance, clean.graphCount),
        tf.div<tf.Scalar>(total, triggered.nodeCount * layer.rows.shape[1]),
      ];
    });
    return tf.addN(terms);
  });
}

/** Keeps quotients finite in layers that are dead. */
const tiny = 1e-6;

function attentionOf({ rows, classes }: LayerOutput, batch: GraphBatch): tf.Tensor1D {
  return attentionMap(rows, attentionMatrix(batch, classes, 'propagate'), batch.nodeOffsets, power);
}

/** The same values, to which no gradient flows. */
function constant<T extends tf.Tensor>(tensor: T): T {
  return tf.tensor(tensor.dataSync(), tensor.shape) as T;
}

import * as tf from '@tensorflow/tfjs-core';
import { attentionMatrix } from '../gnn/attentionMatrix';
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
 * @param clean a model's run on graphs
 * @param triggered its run on the same graphs with the trigger, and with the same nodes
 */
export function flatnessLoss(clean: Run, triggered: Run): tf.Scalar {
  return tf.tidy(() => {
    const terms = triggered.layers.flatMap((layer, i) => {
      const usual = clean.layers[i];
      const map = constant(attentionOf(usual, clean.batch));
      const range = constant(tf.max<tf.Tensor1D>(usual.rows, 0));
      const distance = tf.sum<tf.Scalar>(tf.squaredDifference(attentionOf(layer, triggered.batch), map));
      const excess = tf.div(tf.relu(tf.sub(layer.rows, range)), tf.add(tf.mean(range), tiny));
      const share = tf.tensor2d(layer.classes.multiplicity, [layer.classes.count, 1]);
      const total = tf.sum<tf.Scalar>(tf.mul(tf.square(excess), share));
      return [
        tf.div<tf.Scalar>(distance, clean.batch.graphCount),
        tf.div<tf.Scalar>(total, triggered.batch.nodeCount * layer.rows.shape[1]),
      ];
    });
    return tf.addN(terms);
  });
}

/** What a model makes of a batch. */
interface Run {
  readonly batch: GraphBatch;
  readonly layers: readonly LayerOutput[];
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

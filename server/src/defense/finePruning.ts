import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel } from '../gnn/graphModel';
import { valuesOf } from '../tensor/valuesOf';
import type { FinePruningOptions } from './baselineSettings';
import { cleanAccuracy, isAtLeast, type DefenseContext } from './context';
import type { Defense } from './defense';
import { fineTune } from './fineTune';

/**
 * Fine-pruning: channels of the last layer that are dormant on clean graphs, where a backdoor may hide, are cut off as
 * long as accuracy on the clean graphs allows; what is left is fine-tuned.
 */
export const finePruning: Defense<FinePruningOptions> = {
  name: 'fine-pruning',
  source: 'Liu et al. 2018, "Fine-pruning", RAID',
  fineTunedIs: 'comparison',
  run: async (context, { stream, keep }) => {
    const student = keep(context.suspect.clone());
    const pruned = await pruneDormantChannels(context, student);
    const rng = stream('student');
    await fineTune(context, student, { stage: 'student', rng, afterStep: (model) => cutOff(model, pruned) });
    return { student };
  },
};

/**
 * Cuts off channels of the last layer in the order of their mean activation over the nodes of the clean graphs, the
 * weakest first, until one more would cost more accuracy on them than `pruningAccuracyLoss`.
 *
 * @param model is changed
 * @returns the channels cut off, weakest first; one at least is left
 */
export async function pruneDormantChannels(
  context: DefenseContext<FinePruningOptions>,
  model: GraphModel,
): Promise<number[]> {
  const least = cleanAccuracy(context, { model }) - context.options.pruningAccuracyLoss;
  const activity = meanActivations(context, model);
  const order = [...activity.keys()].sort((a, b) => activity[a] - activity[b] || a - b);
  const { weight } = model.reader;
  for (let pruned = 1; pruned < order.length; pruned++) {
    await context.run.breathe();
    const before = tf.clone(weight);
    cutOff(model, order.slice(pruned - 1, pruned));
    const allowed = isAtLeast(cleanAccuracy(context, { model }), least);
    if (!allowed) weight.assign(before);
    before.dispose();
    if (!allowed) return order.slice(0, pruned - 1);
  }
  return order.slice(0, -1);
}

/** Mean size of the output of each channel of the last layer over the nodes of the clean graphs, `[hidden]`. */
function meanActivations({ cleanBatches }: DefenseContext<unknown>, model: GraphModel): Float64Array {
  const sums = new Float64Array(model.architecture.hidden);
  let nodes = 0;
  for (const batch of cleanBatches) {
    tf.tidy(() => {
      const { rows, classes } = model.forward(batch).layers[model.architecture.layers - 1];
      const values = valuesOf(rows);
      for (let r = 0; r < classes.count; r++) {
        for (let c = 0; c < sums.length; c++)
          sums[c] += classes.multiplicity[r] * Math.abs(values[r * sums.length + c]);
      }
    });
    nodes += batch.nodeCount;
  }
  return sums.map((sum) => sum / nodes);
}

/** Sets the weights of channels behind the readout to zero: nothing else reads the last layer, whatever its kind. */
function cutOff(model: GraphModel, channels: readonly number[]): void {
  const { weight, firstRows } = model.reader;
  const [rows, outputs] = weight.shape;
  const values = valuesOf(weight).slice();
  for (const channel of channels) {
    for (const first of firstRows) values.fill(0, (first + channel) * outputs, (first + channel + 1) * outputs);
  }
  tf.tidy(() => {
    weight.assign(tf.tensor2d(values, [rows, outputs]));
  });
}

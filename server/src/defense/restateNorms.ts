import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel } from '../gnn/graphModel';
import type { NormVariables } from '../gnn/parameters';
import { recordedStatistics } from '../gnn/recordedStatistics';
import { collate } from '../graph/batch';
import type { FeatureLayout, Graph } from '../graph/graph';
import { batchNormEpsilon, type Statistics } from '../tensor/linearRelu';

/**
 * Restates every BatchNorm by its own statistics over clean graphs, with scale and shift changed to match: the model
 * answers as before, up to rounding. Statistics that stayed frozen are those of the suspect's training graphs, poisoned
 * ones included, under weights that are no more: they tell nothing true of the purified model, misguide whoever trains
 * it on, and would accuse it of poison for good.
 *
 * @param model changed in place
 * @param graphs of the kind that the model is for; nothing happens where they have fewer than two nodes in all
 */
export function restateNorms(model: GraphModel, graphs: readonly Graph[], layout: FeatureLayout): void {
  const norms = model.norms();
  const batch = collate(graphs, layout);
  if (norms.length === 0 || batch.nodeCount < 2) return;
  const copy = model.clone();
  try {
    // Statistics of the batch are running ones as soon as they are restated, so what follows a norm sees the same.
    norms.forEach((norm, i) => {
      const rows = norm.ofGraphs ? batch.graphCount : batch.nodeCount;
      if (rows < 2) return;
      const { mean, variance } = recordedStatistics(copy, i, batch);
      const biased = (rows - 1) / rows;
      restate(norm, {
        mean: Float32Array.from(mean),
        variance: Float32Array.from(variance, (value) => value * biased),
      });
      copyNorm(norm, copy.norms()[i]);
    });
  } finally {
    copy.dispose();
  }
}

/** gamma (x - m) / s + beta with other m and s. */
function restate(norm: NormVariables, { mean, variance }: Statistics): void {
  const { gamma, beta, running, epsilon = batchNormEpsilon } = norm;
  const scales = gamma.dataSync<'float32'>().slice();
  const shifts = beta.dataSync<'float32'>().slice();
  for (let j = 0; j < scales.length; j++) {
    const deviation = Math.sqrt(running.variance[j] + epsilon);
    shifts[j] += (scales[j] * (mean[j] - running.mean[j])) / deviation;
    scales[j] *= Math.sqrt(variance[j] + epsilon) / deviation;
  }
  assign(gamma, scales);
  assign(beta, shifts);
  running.mean.set(mean);
  running.variance.set(variance);
}

function copyNorm(from: NormVariables, to: NormVariables): void {
  to.gamma.assign(from.gamma);
  to.beta.assign(from.beta);
  to.running.mean.set(from.running.mean);
  to.running.variance.set(from.running.variance);
}

function assign(variable: tf.Variable<tf.Rank.R1>, values: Float32Array): void {
  tf.tidy(() => variable.assign(tf.tensor1d(values)));
}

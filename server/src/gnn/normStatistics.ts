import * as tf from '@tensorflow/tfjs-core';
import type { FeatureLayout, Graph } from '../graph/graph';
import type { GraphModel } from './graphModel';
import { runningMomentum } from './layerRun';
import { batches } from './predict';
import { batchNormEpsilon } from '../tensor/linearRelu';

/**
 * How far some graphs are from those that a model was trained on, as its first BatchNorm tells: the root mean square,
 * over channels, of the difference between the mean on these graphs and the mean recorded in training, in standard
 * deviations recorded in training. Nothing comes before that layer but the graphs and one linear map, so the figure does
 * not depend on how well the model does.
 *
 * @param graphs no wider or narrower than the model's inputs
 * @returns undefined for a model without BatchNorm, or for graphs of fewer than two nodes in all
 */
export function distanceFromTraining(
  model: GraphModel,
  graphs: readonly Graph[],
  layout: FeatureLayout,
): number | undefined {
  const recorded = firstNorm(model)?.running;
  const nodes = graphs.reduce((sum, graph) => sum + graph.nodeCount, 0);
  if (recorded === undefined || nodes < 2) return undefined;
  const observed = meanOfFirstNorm(model, graphs, layout);
  let sum = 0;
  observed.forEach((mean, j) => {
    sum += (mean - recorded.mean[j]) ** 2 / (recorded.variance[j] + batchNormEpsilon);
  });
  return Math.sqrt(sum / observed.length);
}

/** The mean over nodes of what goes into a model's first BatchNorm, `[channels]`. */
function meanOfFirstNorm(model: GraphModel, graphs: readonly Graph[], layout: FeatureLayout): Float64Array {
  const copy = model.clone();
  try {
    // The copy's running mean, started at zero, is what one step of training makes of the mean of a batch.
    const { mean } = firstNorm(copy)!.running;
    const total = new Float64Array(mean.length);
    let nodes = 0;
    for (const batch of batches(graphs, layout)) {
      if (batch.nodeCount < 2) continue;
      mean.fill(0);
      tf.tidy(() => void copy.forward(batch, { training: true }));
      nodes += batch.nodeCount;
      mean.forEach((value, j) => (total[j] += (batch.nodeCount * value) / runningMomentum));
    }
    return total.map((value) => value / nodes);
  } finally {
    copy.dispose();
  }
}

function firstNorm(model: GraphModel) {
  return model.linearLayers().find(({ norm }) => norm !== undefined)?.norm;
}

import type { FeatureLayout, Graph } from '../graph/graph';
import { batchNormEpsilon } from '../tensor/linearRelu';
import type { GraphModel } from './graphModel';
import { batches } from './predict';
import { recordedStatistics, type RecordedStatistics } from './recordedStatistics';

/** How unlike some graphs are to those that a model was trained on; zero for the training graphs themselves. */
export interface TrainingDistance {
  /** Root mean square over channels of the difference of means, in standard deviations recorded in training. */
  readonly mean: number;
  /** Mean over channels of the absolute logarithm of the variance's ratio to the recorded one. */
  readonly variance: number;
}

/**
 * How far some graphs are from those that a model was trained on, as its first BatchNorm tells: what goes into it, over
 * the nodes of the graphs, is compared with the mean and variance that it recorded in training. Nothing comes before
 * that layer but the graphs and one linear map, so the figures do not depend on how well the model does.
 *
 * @param graphs with features as wide as the model's inputs
 * @returns undefined for a model without BatchNorm before the readout, or for graphs of fewer than two nodes in all
 */
export function distanceFromTraining(
  model: GraphModel,
  graphs: readonly Graph[],
  layout: FeatureLayout,
): TrainingDistance | undefined {
  const norm = model.norms().at(0);
  if (norm === undefined || norm.ofGraphs) return undefined;
  const { running: recorded, epsilon = batchNormEpsilon } = norm;
  const observed = observedAtFirstNorm(model, graphs, layout);
  if (observed === undefined) return undefined;
  const channels = recorded.mean.length;
  let squares = 0;
  let logarithms = 0;
  for (let j = 0; j < channels; j++) {
    const variance = recorded.variance[j] + epsilon;
    squares += (observed.mean[j] - recorded.mean[j]) ** 2 / variance;
    logarithms += Math.abs(Math.log((observed.variance[j] + epsilon) / variance));
  }
  return { mean: Math.sqrt(squares / channels), variance: logarithms / channels };
}

/** Mean and variance over nodes of what goes into a model's first BatchNorm, `[channels]` each. */
function observedAtFirstNorm(
  model: GraphModel,
  graphs: readonly Graph[],
  layout: FeatureLayout,
): RecordedStatistics | undefined {
  const copy = model.clone();
  try {
    const channels = copy.norms()[0].running.mean.length;
    const sums = new Float64Array(channels);
    const squares = new Float64Array(channels);
    let nodes = 0;
    const readsGraphs = copy.norms().some(({ ofGraphs }) => ofGraphs);
    for (const batch of batches(graphs, layout)) {
      const { nodeCount, graphCount } = batch;
      if (nodeCount < 2 || (readsGraphs && graphCount < 2)) continue;
      const { mean, variance } = recordedStatistics(copy, 0, batch);
      nodes += nodeCount;
      for (let j = 0; j < channels; j++) {
        sums[j] += nodeCount * mean[j];
        squares[j] += nodeCount * (variance[j] + mean[j] ** 2);
      }
    }
    if (nodes === 0) return undefined;
    const centres = sums.map((sum) => sum / nodes);
    return { mean: centres, variance: squares.map((square, j) => Math.max(0, square / nodes - centres[j] ** 2)) };
  } finally {
    copy.dispose();
  }
}

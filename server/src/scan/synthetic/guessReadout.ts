import type { Readout } from '../../../../protocol/model';
import type { GraphModel } from '../../gnn/graphModel';
import { predictLogits } from '../../gnn/predict';
import type { FeatureLayout, Graph } from '../../graph/graph';
import { margins } from '../signals/margins';
import { median } from '../statistics';

/**
 * Median margin beyond which a sum is not believed. Over the reference models it is 0.3 to 9 where the readout is a sum,
 * and 20 to 260 where a mean is read as one.
 */
const largestMargin = 13;

/**
 * Tells a readout by sum from one by mean without labelled graphs: a sum over the nodes of a graph makes logits that were
 * trained for a mean many times too large.
 *
 * @param summing the model with readout sum
 * @param graphs some that are like its training graphs, at least one
 */
export function guessReadout(summing: GraphModel, graphs: readonly Graph[], layout: FeatureLayout): Readout {
  const { classes } = summing.architecture;
  const all = margins(predictLogits(summing, graphs, layout), classes);
  const best = graphs.map((_, g) => Math.max(...all.subarray(g * classes, (g + 1) * classes)));
  return median(best) > largestMargin ? 'mean' : 'sum';
}

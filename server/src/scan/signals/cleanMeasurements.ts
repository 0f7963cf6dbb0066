import { labelMarginal } from '../../attack/triggerPrior';
import { measureBounds } from '../../gnn/bounds';
import type { Bounds } from '../../gnn/forward';
import type { GraphModel } from '../../gnn/graphModel';
import type { FeatureLayout, Graph } from '../../graph/graph';
import { measureRanges, type LayerRange } from '../modelRuns';

/** Quantile of clean activations at which the clipped copy of the model is cut off. */
const clipQuantile = 0.99;

/** What all probes of a model need to know of its clean graphs. */
export interface CleanMeasurements {
  /** What the clipped copy of the model keeps within. */
  readonly bounds: Bounds;
  /** Ranges of the first and the last layer, which the signals look at; one range where they are the same. */
  readonly ranges: readonly LayerRange[];
  /** Probability of each label column, `[labelColumns]`. */
  readonly labelMarginal: Float64Array;
}

/**
 * Takes the measurements that do not depend on the probe.
 *
 * @param clean at least one graph
 * @throws the signal's reason once it is aborted
 */
export async function measureClean(
  model: GraphModel,
  clean: readonly Graph[],
  layout: FeatureLayout,
  signal?: AbortSignal,
): Promise<CleanMeasurements> {
  const layers = [...new Set([0, model.architecture.layers - 1])];
  const ranges = await measureRanges(model, clean, layout, layers, signal);
  return {
    bounds: measureBounds(model, clean, layout, { quantile: clipQuantile }),
    ranges,
    labelMarginal: labelMarginal(clean, layout.labelColumns),
  };
}

import type * as tf from '@tensorflow/tfjs-core';
import { sparseProduct } from '../../../tensor/sparseProduct';
import { segmentMax } from '../../../tensor/segmentMax';
import type { Aggregator } from '../../../../../protocol/model';
import type { LayerRun } from '../../layerRun';
import type { LinearVariables, ParameterSpec } from '../../parameters';
import type { Site } from '../../sites';
import { aggregation } from '../aggregation';
import type { Step } from '../modelPlan';
import type { Rows } from '../steps';

/** How the messages of a layer are computed, and of which tensors. */
export interface PlannedConvolution<Variables> {
  readonly spec: ParameterSpec<Variables>;
  /** Steps of its own that come before the layer's. Default: none. */
  readonly steps?: readonly Step[];
  /** Where activations can be looked at, beside the layer's output. */
  readonly sites: readonly Site[];
  /** Whether what a node passes on depends on its degree, beside its row. */
  readonly byDegree?: boolean;
  /** What the layer's steps go on with; called within a tidy. */
  forward(variables: Variables, run: LayerRun): Rows;
  /** The linear maps that a node's row goes through before the steps, in the order of computation. */
  linears(variables: Variables): LinearVariables[];
}

/** The rows that a layer takes: those of the layer before, or features. */
export function inputOf(run: LayerRun): tf.Tensor2D {
  return run.input ?? run.ownFeatures();
}

/**
 * Sum, mean or maximum over the neighbours of each class of nodes, zero where there are none.
 *
 * @param h rows of the level before
 * @param selfLoops whether a node is one of its neighbours
 */
export function aggregated(run: LayerRun, h: tf.Tensor2D, aggregator: Aggregator, selfLoops: boolean): tf.Tensor2D {
  const { batch, folding, depth } = run;
  const selfLoop = selfLoops ? 1 : 0;
  const dividedBy = aggregator === 'mean' ? 'receiver' : undefined;
  const matrix = aggregation(batch, folding, depth, { selfLoop, dividedBy });
  return aggregator === 'max' ? segmentMax(matrix, h) : sparseProduct(matrix, h);
}

import * as tf from '@tensorflow/tfjs-core';
import type { GraphBatch } from '../graph/batch';
import type { GraphModel } from './graphModel';
import { runningMomentum } from './layerRun';

/** `[channels]` each. */
export interface RecordedStatistics {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/**
 * What a BatchNorm would record of one batch: mean and unbiased variance, over the batch's nodes, of what goes into it.
 * A step of training takes them into the running statistics, so statistics that start at zero tell them.
 *
 * @param scratch a copy of the model; running statistics of its BatchNorms are lost
 * @param norm position in `GraphModel.norms`
 * @param batch of two nodes at least
 */
export function recordedStatistics(scratch: GraphModel, norm: number, batch: GraphBatch): RecordedStatistics {
  const { mean, variance } = scratch.norms()[norm].running;
  mean.fill(0);
  variance.fill(0);
  tf.tidy(() => void scratch.forward(batch, { training: true }));
  return {
    mean: Float64Array.from(mean, (value) => value / runningMomentum),
    variance: Float64Array.from(variance, (value) => value / runningMomentum),
  };
}

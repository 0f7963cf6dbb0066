import * as tf from '@tensorflow/tfjs-core';
import { batchNormEpsilon } from '../../tensor/linearRelu';
import type { SparseMatrix } from '../../tensor/sparseMatrix';
import { sparseProduct } from '../../tensor/sparseProduct';
import type { TrainingOutput } from '../../tensor/batchNormRelu';
import type { NormVariables } from '../parameters';
import type { NormStep } from './modelPlan';
import type { NormValue } from './planParameters';

/** BatchNorm(x) with the running statistics: (x - mean) gamma / sqrt(variance + epsilon) + beta. */
export function frozenBatchNorm(x: tf.Tensor2D, norm: NormVariables): tf.Tensor2D {
  const { gamma, beta, running, epsilon = batchNormEpsilon } = norm;
  const deviation = running.variance.map((variance) => Math.sqrt(variance + epsilon));
  const factor = tf.div(gamma, tf.tensor1d(deviation));
  return tf.add(tf.mul(tf.sub(x, tf.tensor1d(running.mean)), factor), beta);
}

/**
 * BatchNorm(x) with the statistics of the batch (Ioffe & Szegedy 2015).
 *
 * @param multiplicity how many nodes or graphs each row stands for, `[rows]`
 * @throws RangeError for fewer than two of them, which have no variance
 */
export function trainingBatchNorm(x: tf.Tensor2D, norm: NormVariables, multiplicity: Float32Array): TrainingOutput {
  const { gamma, beta, epsilon = batchNormEpsilon, ofGraphs = false } = norm;
  const count = multiplicity.reduce((sum, times) => sum + times, 0);
  if (count < 2) {
    const what = ofGraphs ? 'graphs' : 'nodes';
    throw new RangeError(`BatchNorm in training needs at least 2 ${what} in a batch, got ${count}`);
  }
  const shares = tf.tensor2d(
    multiplicity.map((times) => times / count),
    [multiplicity.length, 1],
  );
  const mean = tf.sum(tf.mul(x, shares), 0);
  const centred = tf.sub(x, mean);
  const variance = tf.sum(tf.mul(tf.square(centred), shares), 0);
  const normal = tf.div(centred, tf.sqrt(tf.add(variance, epsilon)));
  const [ofMean, ofVariance] = [mean, variance].map((each) => Float32Array.from(each.dataSync()));
  return {
    output: tf.add(tf.mul(normal, gamma), beta),
    batch: { mean: ofMean, variance: ofVariance },
  };
}

/** Which rows belong to which graph; each row to one. */
export interface GraphRows {
  /** Takes rows to their mean over each graph, `[graphs, rows]`. */
  readonly mean: SparseMatrix;
  /** Hands a graph's row to all of its nodes, `[rows, graphs]`. */
  readonly spread: SparseMatrix;
}

/** The normalisations that know no other batch than the graph or the node they look at, in training and after. */
export function normalise(
  x: tf.Tensor2D,
  { kind, epsilon = batchNormEpsilon }: NormStep,
  { gamma, beta, meanScale }: NormValue,
  graphs: () => GraphRows,
): tf.Tensor2D {
  const scaled = (normal: tf.Tensor): tf.Tensor2D => tf.add(tf.mul(normal, gamma), beta);
  const over = (centred: tf.Tensor2D, variance: tf.Tensor): tf.Tensor2D =>
    scaled(tf.div(centred, tf.sqrt(tf.add(variance, epsilon))));
  switch (kind) {
    case 'layer': {
      const centred = tf.sub<tf.Tensor2D>(x, tf.mean(x, 1, true));
      return over(centred, tf.mean(tf.square(centred), 1, true));
    }
    case 'graph-layer': {
      const { mean, spread } = graphs();
      const ofGraphs = (values: tf.Tensor2D): tf.Tensor2D =>
        sparseProduct(spread, tf.mean(sparseProduct(mean, values), 1, true));
      const centred = tf.sub<tf.Tensor2D>(x, ofGraphs(x));
      return over(centred, ofGraphs(tf.square(centred)));
    }
    case 'graph': {
      const { mean, spread } = graphs();
      const ofGraphs = (values: tf.Tensor2D): tf.Tensor2D => sparseProduct(spread, sparseProduct(mean, values));
      const average = ofGraphs(x);
      const centred = tf.sub<tf.Tensor2D>(x, meanScale === undefined ? average : tf.mul(average, meanScale));
      return over(centred, ofGraphs(tf.square(centred)));
    }
    case 'batch':
      throw new RangeError('BatchNorm is computed elsewhere');
  }
}

import * as tf from '@tensorflow/tfjs-core';
import { noGradient, normRelu, normReluGradient, rowsOf, statisticsOf } from './columnNorm';
import { engineInUse } from './engine/graphnadBackend';
import { batchNormEpsilon, type BatchNorm, type Statistics } from './linearRelu';
import { withGradient } from './withGradient';

export interface BatchNormReluOptions {
  /** b, `[columns]`, added to x. It only moves the mean, so its gradient is exactly zero. Default: none. */
  readonly bias?: tf.Tensor1D;
  /** How many equal rows each row stands for, `[rows]`; default one each. */
  readonly multiplicity?: Float32Array;
}

/** What a layer in training gives: its output and the statistics of the batch it was normalised by. */
export interface TrainingOutput {
  /** `[rows, outputs]` */
  readonly output: tf.Tensor2D;
  /** Mean and biased variance over the rows, each counted as often as it stands for one. */
  readonly batch: Statistics;
}

/**
 * ReLU(BatchNorm(x + b)) with the statistics of the batch, differentiable in x, b, gamma and beta (Ioffe & Szegedy
 * 2015). Where x is a matrix product, `trainingLinearRelu` does both.
 *
 * @param x `[rows, columns]`; rows stand for at least two
 * @throws RangeError for fewer than two rows, which have no variance
 */
export function batchNormRelu(
  x: tf.Tensor2D,
  { gamma, beta }: Pick<BatchNorm, 'gamma' | 'beta'>,
  { bias, multiplicity }: BatchNormReluOptions = {},
): TrainingOutput {
  const rows = rowsOf(x.shape[0], multiplicity);
  const engine = engineInUse();
  if (engine === undefined) return batchNormReluComposed(x, { gamma, beta }, { bias, multiplicity });
  let batch!: Statistics;
  const inputs = [x, gamma, beta, ...(bias === undefined ? [] : [bias])];
  const output = withGradient<tf.Tensor2D>(inputs, () => {
    const { value, norm } = normRelu(engine, x, { gamma, beta }, rows);
    batch = statisticsOf(engine, norm, bias);
    return {
      value,
      saved: [x, norm],
      gradient: (dy, [z, constants]) => {
        const { dz, dGamma, dBeta } = normReluGradient(engine, dy, z, constants, rows);
        return [dz, dGamma, dBeta, ...(bias === undefined ? [] : [noGradient(engine, bias)])];
      },
    };
  });
  return { output, batch };
}

/** The same operation composed of standard ones. */
export function batchNormReluComposed(
  x: tf.Tensor2D,
  { gamma, beta }: Pick<BatchNorm, 'gamma' | 'beta'>,
  { bias, multiplicity }: BatchNormReluOptions = {},
): TrainingOutput {
  let batch!: Statistics;
  const output = tf.tidy((): tf.Tensor2D => {
    const { weights, count } = rowsOf(x.shape[0], multiplicity);
    const shares = tf.tensor2d(
      weights.map((times) => times / count),
      [weights.length, 1],
    );
    const z = bias === undefined ? x : tf.add<tf.Tensor2D>(x, bias);
    const mean = tf.sum(tf.mul(z, shares), 0);
    const centred = tf.sub(z, mean);
    const variance = tf.sum(tf.mul(tf.square(centred), shares), 0);
    batch = { mean: Float32Array.from(mean.dataSync()), variance: Float32Array.from(variance.dataSync()) };
    const normal = tf.div(centred, tf.sqrt(tf.add(variance, batchNormEpsilon)));
    return tf.relu(tf.add(tf.mul(normal, gamma), beta));
  });
  return { output, batch };
}

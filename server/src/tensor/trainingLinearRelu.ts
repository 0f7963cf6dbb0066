import * as tf from '@tensorflow/tfjs-core';
import { batchNormReluComposed, type TrainingOutput } from './batchNormRelu';
import { noGradient, normRelu, normReluGradient, rowsOf, statisticsOf } from './columnNorm';
import { engineInUse } from './engine/graphnadBackend';
import { linearGradients, propagatedProduct } from './linearGradients';
import type { BatchNorm, LinearParameters, Statistics } from './linearRelu';
import type { SparseMatrix } from './sparseMatrix';
import { sparseProductComposed } from './sparseProduct';
import { withGradient } from './withGradient';

type Linear = Pick<LinearParameters, 'weight' | 'bias'>;
type Affine = Pick<BatchNorm, 'gamma' | 'beta'>;

export interface TrainingLinearReluOptions {
  /** A, `[rows, rows of x]`: the layer takes A x in place of x, as in `linearRelu`. */
  readonly propagation?: SparseMatrix;
  /** How many equal rows each row stands for, `[rows]`; default one each. */
  readonly multiplicity?: Float32Array;
  /** Whether x receives a gradient. Default true. */
  readonly inputGradient?: boolean;
}

/**
 * ReLU(BatchNorm(A x W + b)) with the statistics of the batch, differentiable in x, W, b, gamma and beta
 * (Ioffe & Szegedy 2015). The gradient of b is exactly zero, because the mean is taken off.
 *
 * @param x `[rows, inputs]`, or what `propagation` makes rows of; rows stand for at least two
 * @throws RangeError for fewer than two rows, which have no variance
 */
export function trainingLinearRelu(
  x: tf.Tensor2D,
  { weight, bias }: Linear,
  { gamma, beta }: Affine,
  options: TrainingLinearReluOptions = {},
): TrainingOutput {
  const { propagation, multiplicity, inputGradient = true } = options;
  const rows = rowsOf(propagation?.shape[0] ?? x.shape[0], multiplicity);
  const engine = engineInUse();
  if (engine === undefined) return trainingLinearReluComposed(x, { weight, bias }, { gamma, beta }, options);
  let batch!: Statistics;
  const inputs = [weight, bias, gamma, beta, ...(inputGradient ? [x] : [])];
  const output = withGradient<tf.Tensor2D>(inputs, () => {
    // Without b, which BatchNorm takes off again: it only moves the mean.
    const z = propagatedProduct(engine, x, weight, propagation);
    const { value, norm } = normRelu(engine, z, { gamma, beta }, rows);
    batch = statisticsOf(engine, norm, bias);
    return {
      value,
      saved: [z, norm, x, weight],
      gradient: (dy, [pre, constants, input, w]) => {
        const { dz, dGamma, dBeta } = normReluGradient(engine, dy, pre, constants, rows);
        const { dWeight, dx } = linearGradients(engine, input, w, dz, { propagation, inputGradient });
        dz.dispose();
        const gradients = [dWeight, noGradient(engine, bias), dGamma, dBeta];
        return dx === undefined ? gradients : [...gradients, dx];
      },
    };
  });
  return { output, batch };
}

/** The same operation composed of standard ones. */
export function trainingLinearReluComposed(
  x: tf.Tensor2D,
  { weight, bias }: Linear,
  norm: Affine,
  { propagation, multiplicity }: TrainingLinearReluOptions = {},
): TrainingOutput {
  let batch!: Statistics;
  const output = tf.tidy(() => {
    const product: tf.Tensor2D = tf.matMul(x, weight);
    const sums = propagation === undefined ? product : sparseProductComposed(propagation, product);
    const result = batchNormReluComposed(sums, norm, { bias, multiplicity });
    batch = result.batch;
    return result.output;
  });
  return { output, batch };
}

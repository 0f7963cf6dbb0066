import * as tf from '@tensorflow/tfjs-core';
import { hostLoop, valuesAreInReach } from './hostMemory';
import { batchNormEpsilon, type BatchNorm, type LinearParameters, type Statistics } from './linearRelu';
import { fusedLinear } from './matMul';
import { columnSums } from './rows';
import { withGradient } from './withGradient';

type Linear = Pick<LinearParameters, 'weight' | 'bias'>;
type Affine = Pick<BatchNorm, 'gamma' | 'beta'>;

/** What a layer in training gives: its output and the statistics of the batch it was normalised by. */
export interface TrainingOutput {
  /** `[rows, outputs]` */
  readonly output: tf.Tensor2D;
  /** Mean and biased variance over the rows. */
  readonly batch: Statistics;
}

/**
 * ReLU(BatchNorm(x W + b)) with the statistics of the batch, differentiable in x, W, b, gamma and beta
 * (Ioffe & Szegedy 2015). The gradient of b is exactly zero, because the mean is taken off.
 *
 * @param x `[rows, inputs]`, at least two rows
 * @param inputGradient whether x receives a gradient; default true
 * @throws RangeError for fewer than two rows, which have no variance
 */
export function trainingLinearRelu(
  x: tf.Tensor2D,
  { weight, bias }: Linear,
  { gamma, beta }: Affine,
  inputGradient = true,
): TrainingOutput {
  const rows = x.shape[0];
  if (rows < 2) throw new RangeError(`BatchNorm in training needs at least 2 nodes in a batch, got ${rows}`);
  if (!valuesAreInReach()) return trainingLinearReluComposed(x, { weight, bias }, { gamma, beta });
  let batch: Statistics | undefined;
  const inputs = [weight, bias, gamma, beta, ...(inputGradient ? [x] : [])];
  const output = withGradient<tf.Tensor2D>(inputs, () => {
    const u = fusedLinear(x, weight, bias, 'linear');
    const statistics = columnStatistics(u);
    batch = statistics;
    const value = normaliseRelu(u, gamma, beta, statistics);
    return {
      value,
      saved: [value, u, x, weight, gamma],
      gradient: (dy, [y, pre, input, w, scale]) => {
        const dz: tf.Tensor2D = tf.mul(dy, tf.step(y));
        const dBeta = columnSums(dz);
        const [du, dGamma] = normGradient(dz, dBeta, pre, scale, statistics);
        const dWeight = tf.matMul(tf.transpose(input as tf.Tensor2D), du);
        const gradients = [dWeight, tf.zerosLike(dBeta), dGamma, dBeta];
        if (inputGradient) gradients.push(tf.matMul(du, tf.transpose(w as tf.Tensor2D)));
        return gradients;
      },
    };
  });
  return { output, batch: batch as Statistics };
}

/** The same operation composed of standard ones. */
export function trainingLinearReluComposed(
  x: tf.Tensor2D,
  { weight, bias }: Linear,
  { gamma, beta }: Affine,
): TrainingOutput {
  let batch: Statistics | undefined;
  const output = tf.tidy((): tf.Tensor2D => {
    const u: tf.Tensor2D = tf.add(tf.matMul(x, weight), bias);
    const { mean, variance } = tf.moments(u, 0);
    batch = { mean: mean.dataSync<'float32'>().slice(), variance: variance.dataSync<'float32'>().slice() };
    const normal = tf.div(tf.sub(u, mean), tf.sqrt(tf.add(variance, batchNormEpsilon)));
    return tf.relu(tf.add(tf.mul(normal, gamma), beta));
  });
  return { output, batch: batch as unknown as Statistics };
}

/** Mean and biased variance of each column, summed in float64. */
function columnStatistics(u: tf.Tensor2D): Statistics {
  const [rows, columns] = u.shape;
  const mean = new Float64Array(columns);
  const variance = new Float64Array(columns);
  hostLoop([u], [], ([values]) => {
    for (let row = 0; row < values.length; row += columns) {
      for (let j = 0; j < columns; j++) mean[j] += values[row + j];
    }
    for (let j = 0; j < columns; j++) mean[j] /= rows;
    for (let row = 0; row < values.length; row += columns) {
      for (let j = 0; j < columns; j++) variance[j] += (values[row + j] - mean[j]) ** 2;
    }
    for (let j = 0; j < columns; j++) variance[j] /= rows;
  });
  return { mean: Float32Array.from(mean), variance: Float32Array.from(variance) };
}

function normaliseRelu(u: tf.Tensor2D, gamma: tf.Tensor1D, beta: tf.Tensor1D, batch: Statistics): tf.Tensor2D {
  const columns = u.shape[1];
  const [y] = hostLoop([u, gamma, beta], [u.shape], ([values, scale, shift], [out]) => {
    const factor = batch.variance.map((value, j) => scale[j] / Math.sqrt(value + batchNormEpsilon));
    const offset = batch.mean.map((value, j) => shift[j] - value * factor[j]);
    for (let row = 0; row < values.length; row += columns) {
      for (let j = 0; j < columns; j++) {
        const z = values[row + j] * factor[j] + offset[j];
        out[row + j] = z > 0 ? z : 0;
      }
    }
  });
  return y as tf.Tensor2D;
}

/**
 * Gradients of u and gamma where z = gamma n + beta and n = (u - mean) / sqrt(var + eps):
 * du = gamma / sqrt(var + eps) (dz - mean(dz) - n mean(dz n)).
 */
function normGradient(
  dz: tf.Tensor2D,
  dBeta: tf.Tensor1D,
  u: tf.Tensor,
  gamma: tf.Tensor,
  { mean, variance }: Statistics,
): tf.Tensor[] {
  const [rows, columns] = dz.shape;
  return hostLoop([dz, dBeta, u, gamma], [dz.shape, [columns]], ([g, gSum, values, scale], [du, dGamma]) => {
    const inverse = Float64Array.from(variance, (value) => 1 / Math.sqrt(value + batchNormEpsilon));
    const correlation = new Float64Array(columns);
    for (let row = 0; row < g.length; row += columns) {
      for (let j = 0; j < columns; j++) correlation[j] += g[row + j] * (values[row + j] - mean[j]) * inverse[j];
    }
    for (let row = 0; row < g.length; row += columns) {
      for (let j = 0; j < columns; j++) {
        const normal = (values[row + j] - mean[j]) * inverse[j];
        du[row + j] = scale[j] * inverse[j] * (g[row + j] - (gSum[j] + normal * correlation[j]) / rows);
      }
    }
    dGamma.set(correlation);
  });
}

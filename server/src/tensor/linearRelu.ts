import * as tf from '@tensorflow/tfjs-core';
import { hostLoop, valuesAreInReach } from './hostMemory';
import { fusedLinear } from './matMul';
import { columnSums, repeatRow } from './rows';
import { withGradient } from './withGradient';

/** A linear layer with an optional BatchNorm behind it. */
export interface LinearParameters {
  /** `[inputs, outputs]` */
  readonly weight: tf.Tensor2D;
  /** `[outputs]` */
  readonly bias: tf.Tensor1D;
  readonly norm?: BatchNorm;
}

export interface BatchNorm {
  /** Scale, `[outputs]` */
  readonly gamma: tf.Tensor1D;
  /** Shift, `[outputs]` */
  readonly beta: tf.Tensor1D;
  /** Statistics that stand in for those of the batch outside training. */
  readonly running: Statistics;
}

/** Mean and variance per column, `[outputs]` each. */
export interface Statistics {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

export interface LinearReluOptions {
  /** Upper bound per output column, `[outputs]`; no gradient passes where it holds. */
  readonly upper?: Float32Array;
  /** Whether x receives a gradient. Default true. */
  readonly inputGradient?: boolean;
}

/** Added to variances, as in PyTorch. */
export const batchNormEpsilon = 1e-5;

/**
 * min(ReLU(BatchNorm(x W + b)), c) with the running statistics, differentiable in x, W, b, gamma and beta.
 *
 * A BatchNorm with fixed statistics is affine, so it is folded into the linear layer: with s = gamma / sqrt(var + eps),
 * W' = W s and b' = (b - mean) s + beta. What is left is one fused kernel.
 *
 * @param x `[rows, inputs]`
 * @returns `[rows, outputs]`
 */
export function linearRelu(x: tf.Tensor2D, layer: LinearParameters, options: LinearReluOptions = {}): tf.Tensor2D {
  if (!valuesAreInReach()) return linearReluComposed(x, layer, options);
  const { weight, bias, norm } = layer;
  const { upper, inputGradient = true } = options;
  const inputs: tf.Tensor[] = norm === undefined ? [weight, bias] : [weight, bias, norm.gamma, norm.beta];
  if (inputGradient) inputs.push(x);
  return withGradient(inputs, () => {
    const [foldedWeight, foldedBias] = norm === undefined ? [weight, bias] : fold(layer, norm);
    const positive = fusedLinear(x, foldedWeight, foldedBias, 'relu');
    const { value, slope } = upper === undefined ? { value: positive, slope: positive } : bounded(positive, upper);
    const saved = [slope, x, foldedWeight, ...(norm === undefined ? [] : [weight, bias, norm.gamma])];
    return {
      value,
      saved,
      gradient: (dy, [mask, input, multiplied, ...unfolded]) => {
        const dz: tf.Tensor2D = tf.mul(dy, tf.step(mask));
        const dBias = columnSums(dz);
        const dWeight = tf.matMul(tf.transpose(input as tf.Tensor2D), dz);
        const gradients = norm === undefined ? [dWeight, dBias] : unfold(dWeight, dBias, unfolded, norm.running);
        if (inputGradient) gradients.push(tf.matMul(dz, tf.transpose(multiplied as tf.Tensor2D)));
        return gradients;
      },
    };
  });
}

/** The same operation composed of standard ones. */
export function linearReluComposed(
  x: tf.Tensor2D,
  { weight, bias, norm }: LinearParameters,
  { upper }: LinearReluOptions = {},
): tf.Tensor2D {
  return tf.tidy(() => {
    let u: tf.Tensor2D = tf.add(tf.matMul(x, weight), bias);
    if (norm !== undefined) {
      const deviation = tf.sqrt(tf.add(tf.tensor1d(norm.running.variance), batchNormEpsilon));
      u = tf.add(tf.mul(tf.div(tf.sub(u, tf.tensor1d(norm.running.mean)), deviation), norm.gamma), norm.beta);
    }
    const y: tf.Tensor2D = tf.relu(u);
    return upper === undefined ? y : tf.minimum(y, tf.tensor1d(upper));
  });
}

/**
 * min(y, c) for y >= 0, as c - ReLU(c - y), which is fast on every backend, and a matrix that is positive where the
 * gradient passes: where 0 < y < c.
 */
function bounded(y: tf.Tensor2D, upper: Float32Array): { value: tf.Tensor2D; slope: tf.Tensor2D } {
  const bounds = repeatRow(upper, y.shape[0]);
  const room: tf.Tensor2D = tf.relu(tf.sub(bounds, y));
  const value: tf.Tensor2D = tf.sub(bounds, room);
  return { value, slope: tf.mul(value, room) };
}

/** W' = W s and b' = (b - mean) s + beta. */
function fold({ weight, bias }: LinearParameters, norm: BatchNorm): [tf.Tensor2D, tf.Tensor1D] {
  const { mean, variance } = norm.running;
  const columns = mean.length;
  const [foldedWeight, foldedBias] = hostLoop(
    [weight, bias, norm.gamma, norm.beta],
    [weight.shape, bias.shape],
    ([w, b, gamma, beta], [wOut, bOut]) => {
      const scale = variance.map((value, j) => gamma[j] / Math.sqrt(value + batchNormEpsilon));
      for (let i = 0; i < w.length; i += columns) {
        for (let j = 0; j < columns; j++) wOut[i + j] = w[i + j] * scale[j];
      }
      for (let j = 0; j < columns; j++) bOut[j] = (b[j] - mean[j]) * scale[j] + beta[j];
    },
  );
  return [foldedWeight as tf.Tensor2D, foldedBias as tf.Tensor1D];
}

/** Gradients of W, b, gamma and beta from those of W' and b'. */
function unfold(
  dWeight: tf.Tensor,
  dBias: tf.Tensor,
  [weight, bias, gamma]: readonly tf.Tensor[],
  { mean, variance }: Statistics,
): tf.Tensor[] {
  const columns = mean.length;
  return hostLoop(
    [dWeight, dBias, weight, bias, gamma],
    [weight.shape, bias.shape, gamma.shape, bias.shape],
    ([dw, db, w, b, g], [wOut, bOut, gammaOut, betaOut]) => {
      const inverse = Float64Array.from(variance, (value) => 1 / Math.sqrt(value + batchNormEpsilon));
      const dScale = Float64Array.from(mean, (value, j) => db[j] * (b[j] - value));
      for (let i = 0; i < w.length; i += columns) {
        for (let j = 0; j < columns; j++) {
          wOut[i + j] = dw[i + j] * g[j] * inverse[j];
          dScale[j] += dw[i + j] * w[i + j];
        }
      }
      for (let j = 0; j < columns; j++) {
        bOut[j] = db[j] * g[j] * inverse[j];
        gammaOut[j] = dScale[j] * inverse[j];
        betaOut[j] = db[j];
      }
    },
  );
}

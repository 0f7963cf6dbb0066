import * as tf from '@tensorflow/tfjs-core';
import { clampColumns } from './columns';
import { hostLoop, valuesAreInReach } from './hostMemory';
import { fusedLinear } from './matMul';
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
    const value = fusedLinear(x, foldedWeight, foldedBias, 'relu');
    if (upper !== undefined) clampFresh(value, upper);
    const saved = [value, x, foldedWeight, ...(norm === undefined ? [] : [weight, bias, norm.gamma])];
    return {
      value,
      saved,
      gradient: (dy, [y, input, multiplied, ...unfolded]) => {
        const [dz, dBias] = passThroughRelu(dy, y, upper);
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
 * Gradient of z where y = min(ReLU(z), c), with its column sums.
 *
 * @returns `[rows, columns]` and `[columns]`
 */
export function passThroughRelu(dy: tf.Tensor, y: tf.Tensor, upper?: Float32Array): [tf.Tensor2D, tf.Tensor1D] {
  const columns = y.shape[1] ?? 0;
  const bounds = upper ?? new Float32Array(columns).fill(Infinity);
  const [dz, sums] = hostLoop([dy, y], [dy.shape, [columns]], ([g, value], [out, sum]) => {
    const total = new Float64Array(columns);
    for (let row = 0; row < g.length; row += columns) {
      for (let j = 0; j < columns; j++) {
        const v = value[row + j];
        const passed = v > 0 && v < bounds[j] ? g[row + j] : 0;
        out[row + j] = passed;
        total[j] += passed;
      }
    }
    sum.set(total);
  });
  return [dz as tf.Tensor2D, sums as tf.Tensor1D];
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

/** Bounds the columns of a tensor that nobody else has seen yet, in place. */
function clampFresh(values: tf.Tensor, upper: Float32Array): void {
  hostLoop([values], [], ([y]) => {
    clampColumns(y, upper);
  });
}

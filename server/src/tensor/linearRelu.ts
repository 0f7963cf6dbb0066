import * as tf from '@tensorflow/tfjs-core';
import { boundGradient, columnSums, denseLayer, shiftRelu } from './dense';
import { engineInUse, type GraphnadBackend } from './engine/graphnadBackend';
import { linearGradients, propagatedProduct } from './linearGradients';
import type { SparseMatrix } from './sparseMatrix';
import { sparseProductComposed } from './sparseProduct';
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
  /**
   * A, `[rows, rows of x]`: the layer takes A x, the result of message passing, in place of x. It is computed as A (x W):
   * several nodes' messages come from the same row of x, so there are fewer rows to multiply by W.
   */
  readonly propagation?: SparseMatrix;
  /** Upper bound per output column, `[outputs]`; no gradient passes where it holds. */
  readonly upper?: Float32Array;
  /** Whether x receives a gradient. Default true. */
  readonly inputGradient?: boolean;
}

/** Added to variances, as in PyTorch. */
export const batchNormEpsilon = 1e-5;

/**
 * min(ReLU(BatchNorm(A x W + b)), c) with the running statistics, differentiable in x, W, b, gamma and beta.
 *
 * A BatchNorm with fixed statistics is affine, so it is folded into the linear layer: with s = gamma / sqrt(var + eps),
 * W' = W s and b' = (b - mean) s + beta. What is left is one fused kernel.
 *
 * @param x `[rows, inputs]`, or what `propagation` makes rows of
 * @returns `[rows, outputs]`
 */
export function linearRelu(x: tf.Tensor2D, layer: LinearParameters, options: LinearReluOptions = {}): tf.Tensor2D {
  const engine = engineInUse();
  if (engine === undefined) return linearReluComposed(x, layer, options);
  const { weight, bias, norm } = layer;
  const { propagation, upper, inputGradient = true } = options;
  const inputs: tf.Tensor[] = norm === undefined ? [weight, bias] : [weight, bias, norm.gamma, norm.beta];
  if (inputGradient) inputs.push(x);
  return withGradient(inputs, () => {
    const [foldedWeight, foldedBias] = norm === undefined ? [weight, bias] : fold(engine, layer, norm);
    const value =
      propagation === undefined
        ? denseLayer(engine, x, foldedWeight, { bias: foldedBias, relu: true, upper })
        : propagated(engine, propagatedProduct(engine, x, foldedWeight, propagation), foldedBias, upper);
    return {
      value,
      saved: [value, x, foldedWeight, ...(norm === undefined ? [] : [weight, bias, norm.gamma])],
      gradient: (dy, [y, input, multiplied, ...unfolded]) => {
        const dz = boundGradient(engine, dy as tf.Tensor2D, y, { relu: true, upper });
        const dBias = columnSums(engine, dz);
        const { dWeight, dx } = linearGradients(engine, input, multiplied, dz, { propagation, inputGradient });
        dz.dispose();
        const gradients =
          norm === undefined ? [dWeight, dBias] : unfold(engine, dWeight, dBias, unfolded, norm.running);
        return dx === undefined ? gradients : [...gradients, dx];
      },
    };
  });
}

/** The same operation composed of standard ones. */
export function linearReluComposed(
  x: tf.Tensor2D,
  { weight, bias, norm }: LinearParameters,
  { propagation, upper }: LinearReluOptions = {},
): tf.Tensor2D {
  return tf.tidy(() => {
    const product: tf.Tensor2D = tf.matMul(x, weight);
    let u: tf.Tensor2D = tf.add(
      propagation === undefined ? product : sparseProductComposed(propagation, product),
      bias,
    );
    if (norm !== undefined) {
      const deviation = tf.sqrt(tf.add(tf.tensor1d(norm.running.variance), batchNormEpsilon));
      u = tf.add(tf.mul(tf.div(tf.sub(u, tf.tensor1d(norm.running.mean)), deviation), norm.gamma), norm.beta);
    }
    const y: tf.Tensor2D = tf.relu(u);
    return upper === undefined ? y : tf.minimum(y, tf.tensor1d(upper));
  });
}

/** min(ReLU(s + b), c); s is disposed. */
function propagated(
  engine: GraphnadBackend,
  sums: tf.Tensor2D,
  bias: tf.Tensor1D,
  upper: Float32Array | undefined,
): tf.Tensor2D {
  const value = shiftRelu(engine, sums, bias, upper);
  sums.dispose();
  return value;
}

/** W' = W s and b' = (b - mean) s + beta. */
function fold(
  engine: GraphnadBackend,
  { weight, bias }: LinearParameters,
  { gamma, beta, running: { mean, variance } }: BatchNorm,
): [tf.Tensor2D, tf.Tensor1D] {
  const columns = mean.length;
  const foldedWeight = engine.output<tf.Tensor2D>(weight.shape).tensor;
  const foldedBias = engine.output<tf.Tensor1D>(bias.shape).tensor;
  const [w, b, g, shift] = [weight, bias, gamma, beta].map((tensor) => engine.values(tensor));
  const [wOut, bOut] = [foldedWeight, foldedBias].map((tensor) => engine.values(tensor));
  const scale = new Float32Array(columns);
  for (let j = 0; j < columns; j++) scale[j] = g[j] / Math.sqrt(variance[j] + batchNormEpsilon);
  for (let i = 0; i < w.length; i += columns) {
    for (let j = 0; j < columns; j++) wOut[i + j] = w[i + j] * scale[j];
  }
  for (let j = 0; j < columns; j++) bOut[j] = (b[j] - mean[j]) * scale[j] + shift[j];
  return [foldedWeight, foldedBias];
}

/** Gradients of W, b, gamma and beta from those of W' and b'. */
function unfold(
  engine: GraphnadBackend,
  dWeight: tf.Tensor,
  dBias: tf.Tensor,
  [weight, bias, gamma]: readonly tf.Tensor[],
  { mean, variance }: Statistics,
): tf.Tensor[] {
  const columns = mean.length;
  const outputs = [weight, bias, gamma, bias].map(({ shape }) => engine.output(shape).tensor);
  const [wOut, bOut, gammaOut, betaOut] = outputs.map((tensor) => engine.values(tensor));
  const [dw, db, w, b, g] = [dWeight, dBias, weight, bias, gamma].map((tensor) => engine.values(tensor));
  // Loops, not `map` or `from`: those take longer than all the rest on so few numbers.
  const slope = new Float64Array(columns);
  const inverse = new Float64Array(columns);
  const dScale = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    inverse[j] = 1 / Math.sqrt(variance[j] + batchNormEpsilon);
    slope[j] = g[j] * inverse[j];
    dScale[j] = db[j] * (b[j] - mean[j]);
  }
  for (let i = 0; i < w.length; i += columns) {
    for (let j = 0; j < columns; j++) {
      wOut[i + j] = dw[i + j] * slope[j];
      dScale[j] += dw[i + j] * w[i + j];
    }
  }
  for (let j = 0; j < columns; j++) {
    bOut[j] = db[j] * slope[j];
    gammaOut[j] = dScale[j] * inverse[j];
    betaOut[j] = db[j];
  }
  return outputs;
}

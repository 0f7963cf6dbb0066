import * as tf from '@tensorflow/tfjs-core';
import { scaleShiftRelu } from './dense';
import { engineInUse, type GraphnadBackend } from './engine/graphnadBackend';
import { batchNormEpsilon, type BatchNorm, type LinearParameters, type Statistics } from './linearRelu';
import { linearGradients, propagatedProduct } from './linearGradients';
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

/** What a layer in training gives: its output and the statistics of the batch it was normalised by. */
export interface TrainingOutput {
  /** `[rows, outputs]` */
  readonly output: tf.Tensor2D;
  /** Mean and biased variance over the rows, each counted as often as it stands for one. */
  readonly batch: Statistics;
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
  const weights = rowWeights(propagation?.shape[0] ?? x.shape[0], multiplicity);
  const count = total(weights);
  if (count < 2) throw new RangeError(`BatchNorm in training needs at least 2 nodes in a batch, got ${count}`);
  const engine = engineInUse();
  if (engine === undefined) return trainingLinearReluComposed(x, { weight, bias }, { gamma, beta }, options);
  let batch!: Statistics;
  const inputs = [weight, bias, gamma, beta, ...(inputGradient ? [x] : [])];
  const output = withGradient<tf.Tensor2D>(inputs, () => {
    // Without b, which BatchNorm takes off again: it only moves the mean.
    const z = propagatedProduct(engine, x, weight, propagation);
    const norm = columnNorm(engine, z, engine.values(gamma), engine.values(beta), { weights, count });
    batch = { mean: added(norm.mean, engine.values(bias)), variance: norm.variance };
    return {
      value: scaleShiftRelu(engine, z, norm.factor, norm.offset),
      saved: [z, x, weight],
      gradient: (dy, [pre, input, w]) => {
        const { dz, dGamma, dBeta } = normGradient(engine, dy, pre, norm, { weights, count });
        const { dWeight, dx } = linearGradients(engine, input, w, dz, { propagation, inputGradient });
        const gradients = [dWeight, tf.zerosLike(dBeta), dGamma, dBeta];
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
  { gamma, beta }: Affine,
  { propagation, multiplicity }: TrainingLinearReluOptions = {},
): TrainingOutput {
  let batch!: Statistics;
  const output = tf.tidy((): tf.Tensor2D => {
    const product: tf.Tensor2D = tf.matMul(x, weight);
    const z: tf.Tensor2D = tf.add(
      propagation === undefined ? product : sparseProductComposed(propagation, product),
      bias,
    );
    const weights = rowWeights(z.shape[0], multiplicity);
    const count = total(weights);
    const shares = tf.tensor2d(
      weights.map((times) => times / count),
      [weights.length, 1],
    );
    const mean = tf.sum(tf.mul(z, shares), 0);
    const centred = tf.sub(z, mean);
    const variance = tf.sum(tf.mul(tf.square(centred), shares), 0);
    batch = { mean: Float32Array.from(mean.dataSync()), variance: Float32Array.from(variance.dataSync()) };
    const normal = tf.div(centred, tf.sqrt(tf.add(variance, batchNormEpsilon)));
    return tf.relu(tf.add(tf.mul(normal, gamma), beta));
  });
  return { output, batch };
}

/** How many rows each row stands for, `[rows]`. */
function rowWeights(rows: number, multiplicity: Float32Array | undefined): Float32Array {
  return multiplicity ?? new Float32Array(rows).fill(1);
}

function total(weights: Float32Array): number {
  let sum = 0;
  for (let row = 0; row < weights.length; row++) sum += weights[row];
  return sum;
}

function added(a: Float32Array, b: Float32Array): Float32Array {
  const sums = new Float32Array(a.length);
  for (let j = 0; j < a.length; j++) sums[j] = a[j] + b[j];
  return sums;
}

/** The rows of a batch: how many each stands for, and how many these are in all. */
interface Rows {
  readonly weights: Float32Array;
  readonly count: number;
}

/** BatchNorm as a factor and an offset per column, and the statistics they come from, `[columns]` each. */
interface ColumnNorm extends Statistics {
  readonly factor: Float32Array;
  readonly offset: Float32Array;
  /** 1 / sqrt(var + eps) */
  readonly inverse: Float64Array;
}

function columnNorm(
  engine: GraphnadBackend,
  z: tf.Tensor2D,
  gamma: Float32Array,
  beta: Float32Array,
  { weights, count }: Rows,
): ColumnNorm {
  const [rows, columns] = z.shape;
  return engine.withWorkspace((workspace) => {
    const totals = workspace.doubles(2 * columns);
    engine.launch('columnMoments', columns, engine.address(z), workspace.copy(weights), rows, columns, totals);
    const sums = engine.memoryPool.doubles(totals, 2 * columns);
    const mean = new Float32Array(columns);
    const variance = new Float32Array(columns);
    const factor = new Float32Array(columns);
    const offset = new Float32Array(columns);
    const inverse = new Float64Array(columns);
    for (let j = 0; j < columns; j++) {
      const average = sums[j] / count;
      mean[j] = average;
      variance[j] = Math.max(0, sums[columns + j] / count - average * average);
      inverse[j] = 1 / Math.sqrt(variance[j] + batchNormEpsilon);
      factor[j] = gamma[j] * inverse[j];
      offset[j] = beta[j] - average * factor[j];
    }
    return { mean, variance, factor, offset, inverse };
  });
}

/**
 * Gradients where y = ReLU(gamma n + beta) and n = (z - mean) / sqrt(var + eps). With g the part of dy that passes the
 * ReLU, N rows in all and m the number of rows that a row stands for:
 * dz = gamma / sqrt(var + eps) (g - m / N (sum(g) + n sum(g n))).
 */
function normGradient(
  engine: GraphnadBackend,
  dy: tf.Tensor,
  z: tf.Tensor,
  { mean, factor, offset, inverse }: ColumnNorm,
  { weights, count }: Rows,
): { dz: tf.Tensor2D; dGamma: tf.Tensor1D; dBeta: tf.Tensor1D } {
  const [rows, columns] = z.shape as [number, number];
  const dz = engine.output<tf.Tensor2D>([rows, columns]);
  const dGamma = engine.output<tf.Tensor1D>([columns]).tensor;
  const dBeta = engine.output<tf.Tensor1D>([columns]).tensor;
  engine.withWorkspace((workspace) => {
    const [dyAt, zAt] = [dy, z].map((tensor) => engine.address(tensor));
    const totals = workspace.doubles(2 * columns);
    const constantsAt = workspace.room(6 * columns);
    const constants = engine.memoryPool.floats(constantsAt, 6 * columns);
    constants.set(factor);
    constants.set(offset, columns);
    constants.set(mean, 2 * columns);
    engine.launch('normGradientSums', columns, dyAt, zAt, constantsAt, rows, columns, totals);
    const sums = engine.memoryPool.doubles(totals, 2 * columns);
    const [gammaOut, betaOut] = [dGamma, dBeta].map((tensor) => engine.values(tensor));
    for (let j = 0; j < columns; j++) {
      const correlation = sums[columns + j] * inverse[j];
      gammaOut[j] = correlation;
      betaOut[j] = sums[j];
      constants[3 * columns + j] = factor[j];
      constants[4 * columns + j] = (factor[j] * sums[j]) / count;
      constants[5 * columns + j] = (factor[j] * inverse[j] * correlation) / count;
    }
    engine.launch('normGradient', rows, dyAt, zAt, constantsAt, workspace.copy(weights), dz.address, columns);
  });
  return { dz: dz.tensor, dGamma, dBeta };
}

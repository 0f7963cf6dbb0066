import * as tf from '@tensorflow/tfjs-core';
import { denseLayer, scaleShiftRelu } from './dense';
import { engineInUse, type GraphnadBackend } from './engine/graphnadBackend';
import { batchNormEpsilon, type BatchNorm, type LinearParameters, type Statistics } from './linearRelu';
import type { SparseMatrix } from './sparseMatrix';
import { multiply, sparseProductComposed } from './sparseProduct';
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
  const count = countRows(propagation?.shape[0] ?? x.shape[0], multiplicity);
  if (count < 2) throw new RangeError(`BatchNorm in training needs at least 2 nodes in a batch, got ${count}`);
  const engine = engineInUse();
  if (engine === undefined) return trainingLinearReluComposed(x, { weight, bias }, { gamma, beta }, options);
  let batch!: Statistics;
  const inputs = [weight, bias, gamma, beta, ...(inputGradient ? [x] : [])];
  const output = withGradient<tf.Tensor2D>(inputs, () => {
    // Without b, which BatchNorm takes off again: it only moves the mean.
    const product = denseLayer(engine, x, weight);
    const z = propagation === undefined ? product : multiply(engine, propagation, product);
    const statistics = columnStatistics(engine, z, count, multiplicity);
    const shift = engine.values(bias);
    batch = { mean: statistics.mean.map((value, j) => value + shift[j]), variance: statistics.variance };
    const value = normaliseRelu(engine, z, gamma, beta, statistics);
    return {
      value,
      saved: [value, z, x, weight, gamma],
      gradient: (dy, [y, pre, input, w, scale]) => {
        const rows = { dy, y, z: pre, gamma: scale, statistics, count, multiplicity };
        const { dz, dGamma, dBeta } = normGradient(engine, rows);
        const dProduct = propagation === undefined ? dz : multiply(engine, propagation.transposed, dz);
        const dWeight = tf.matMul(input, dProduct, true, false);
        const gradients: tf.Tensor[] = [dWeight, tf.zerosLike(dBeta), dGamma, dBeta];
        if (inputGradient) gradients.push(tf.matMul(dProduct, w, false, true));
        return gradients;
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
    const rows = z.shape[0];
    const shares = tf.tensor2d(
      Float32Array.from({ length: rows }, (_, row) => (multiplicity?.[row] ?? 1) / countRows(rows, multiplicity)),
      [rows, 1],
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

function countRows(rows: number, multiplicity: Float32Array | undefined): number {
  return multiplicity === undefined ? rows : multiplicity.reduce((sum, times) => sum + times, 0);
}

/** Mean and biased variance of each column. */
function columnStatistics(
  engine: GraphnadBackend,
  z: tf.Tensor2D,
  count: number,
  multiplicity: Float32Array | undefined,
): Statistics {
  const [rows, columns] = z.shape;
  return engine.withWorkspace((workspace) => {
    const at = engine.address(z);
    const weights = workspace.copy(multiplicity);
    const block = workspace.room(columns);
    const totals = workspace.doubles(columns);
    const sums = engine.memoryPool.doubles(totals, columns);
    const average = (): Float32Array => {
      const means = new Float32Array(columns);
      for (let j = 0; j < columns; j++) means[j] = sums[j] / count;
      return means;
    };
    engine.launch('columnSums', columns, at, weights, rows, columns, block, totals);
    const mean = average();
    engine.launch('columnSquares', columns, at, workspace.copy(mean), weights, rows, columns, block, totals);
    return { mean, variance: average() };
  });
}

function normaliseRelu(
  engine: GraphnadBackend,
  z: tf.Tensor2D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  { mean, variance }: Statistics,
): tf.Tensor2D {
  const [scale, shift] = [gamma, beta].map((tensor) => engine.values(tensor));
  const factor = variance.map((value, j) => scale[j] / Math.sqrt(value + batchNormEpsilon));
  const offset = mean.map((value, j) => shift[j] - value * factor[j]);
  return scaleShiftRelu(engine, z, factor, offset);
}

interface NormRows {
  readonly dy: tf.Tensor;
  readonly y: tf.Tensor;
  readonly z: tf.Tensor;
  readonly gamma: tf.Tensor;
  readonly statistics: Statistics;
  readonly count: number;
  readonly multiplicity: Float32Array | undefined;
}

/**
 * Gradients where y = ReLU(gamma n + beta) and n = (z - mean) / sqrt(var + eps). With g the part of dy that passes the
 * ReLU, N rows in all and m the multiplicity of a row:
 * dz = gamma / sqrt(var + eps) (g - m / N (sum(g) + n sum(g n))).
 */
function normGradient(
  engine: GraphnadBackend,
  { dy, y, z, gamma, statistics: { mean, variance }, count, multiplicity }: NormRows,
): { dz: tf.Tensor2D; dGamma: tf.Tensor1D; dBeta: tf.Tensor1D } {
  const [rows, columns] = z.shape as [number, number];
  const dz = engine.output<tf.Tensor2D>([rows, columns]);
  const dGamma = engine.output<tf.Tensor1D>([columns]).tensor;
  const dBeta = engine.output<tf.Tensor1D>([columns]).tensor;
  engine.withWorkspace((workspace) => {
    const [dyAt, yAt, zAt] = [dy, y, z].map((tensor) => engine.address(tensor));
    const block = workspace.room(2 * columns);
    const totals = workspace.doubles(2 * columns);
    engine.launch('normGradientSums', columns, dyAt, yAt, zAt, workspace.copy(mean), rows, columns, block, totals);
    const sums = engine.memoryPool.doubles(totals, 2 * columns);
    const scale = engine.values(gamma);
    const [gammaOut, betaOut] = [dGamma, dBeta].map((tensor) => engine.values(tensor));
    const coefficients = new Float32Array(4 * columns);
    for (let j = 0; j < columns; j++) {
      const inverse = 1 / Math.sqrt(variance[j] + batchNormEpsilon);
      const correlation = sums[columns + j] * inverse;
      gammaOut[j] = correlation;
      betaOut[j] = sums[j];
      const slope = scale[j] * inverse;
      coefficients[j] = slope;
      coefficients[columns + j] = (slope * sums[j]) / count;
      coefficients[2 * columns + j] = (slope * inverse * correlation) / count;
      coefficients[3 * columns + j] = mean[j];
    }
    const weights = workspace.copy(multiplicity);
    engine.launch('normGradient', rows, dyAt, yAt, zAt, workspace.copy(coefficients), weights, dz.address, columns);
  });
  return { dz: dz.tensor, dGamma, dBeta };
}

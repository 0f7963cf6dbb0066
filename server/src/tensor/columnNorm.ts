/** BatchNorm with the statistics of the batch, and its gradient, by the engine's kernels; not recorded for gradients. */
import type * as tf from '@tensorflow/tfjs-core';
import type { GraphnadBackend } from './engine/graphnadBackend';
import { batchNormEpsilon, type BatchNorm, type Statistics } from './linearRelu';

/** The rows of a batch: how many each stands for, `[rows]`, and how many these are in all. */
export interface Rows {
  readonly weights: Float32Array;
  readonly count: number;
}

/**
 * @param multiplicity how many equal rows each row stands for, `[rows]`; default one each
 * @throws RangeError for fewer than two rows, which have no variance
 */
export function rowsOf(rows: number, multiplicity: Float32Array = new Float32Array(rows).fill(1)): Rows {
  let count = 0;
  for (let row = 0; row < rows; row++) count += multiplicity[row];
  if (count < 2) throw new RangeError(`BatchNorm in training needs at least 2 nodes in a batch, got ${count}`);
  return { weights: multiplicity, count };
}

/** What ReLU(BatchNorm(z)) gives: the output, and factor, offset, mean and variance per column, `[4, columns]`. */
export interface NormOutput {
  readonly value: tf.Tensor2D;
  readonly norm: tf.Tensor2D;
}

/** @param z `[rows, columns]` */
export function normRelu(
  engine: GraphnadBackend,
  z: tf.Tensor2D,
  { gamma, beta }: Pick<BatchNorm, 'gamma' | 'beta'>,
  { weights, count }: Rows,
): NormOutput {
  const [rows, columns] = z.shape;
  const value = engine.output<tf.Tensor2D>([rows, columns]);
  const norm = engine.output<tf.Tensor2D>([4, columns]);
  engine.withWorkspace((workspace) => {
    const [from, scale, shift] = [z, gamma, beta].map((tensor) => engine.address(tensor));
    const sizes = [rows, columns, count];
    const settings = [scale, shift, batchNormEpsilon, workspace.doubles(2 * columns)];
    engine.launch('columnNorm', columns, from, workspace.copy(weights), ...sizes, ...settings, norm.address);
    engine.launch('normRelu', rows, from, norm.address, norm.address + 4 * columns, 0, value.address, columns);
  });
  return { value: value.tensor, norm: norm.tensor };
}

/**
 * Gradients where y = ReLU(gamma n + beta) and n = (z - mean) / sqrt(var + eps). With g the part of dy that passes the
 * ReLU, N rows in all and m the number of rows that a row stands for:
 * dz = gamma / sqrt(var + eps) (g - m / N (sum(g) + n sum(g n))).
 *
 * @param norm as `normRelu` made it
 */
export function normReluGradient(
  engine: GraphnadBackend,
  dy: tf.Tensor,
  z: tf.Tensor,
  norm: tf.Tensor,
  { weights, count }: Rows,
): { dz: tf.Tensor2D; dGamma: tf.Tensor1D; dBeta: tf.Tensor1D } {
  const [rows, columns] = z.shape as [number, number];
  const dz = engine.output<tf.Tensor2D>([rows, columns]);
  const [dGamma, dBeta] = [0, 1].map(() => engine.output<tf.Tensor1D>([columns]));
  engine.withWorkspace((workspace) => {
    const [dyAt, zAt, normAt] = [dy, z, norm].map((tensor) => engine.address(tensor));
    const pulls = workspace.room(2 * columns);
    const room = workspace.doubles(2 * columns);
    const outputs = [dGamma.address, dBeta.address, pulls];
    const settings = [rows, columns, count, normAt, batchNormEpsilon, room];
    engine.launch('columnNormGradient', columns, dyAt, zAt, ...settings, ...outputs);
    engine.launch('normGradient', rows, dyAt, zAt, normAt, pulls, workspace.copy(weights), dz.address, columns);
  });
  return { dz: dz.tensor, dGamma: dGamma.tensor, dBeta: dBeta.tensor };
}

/** The gradient of a bias before BatchNorm, which takes the mean off again: zeros of its shape. */
export function noGradient(engine: GraphnadBackend, { shape, size }: tf.Tensor1D): tf.Tensor1D {
  const { tensor, address } = engine.output<tf.Tensor1D>(shape);
  engine.launch('fill', size, address, 0);
  return tensor;
}

/** The statistics of a batch that a vector is added to. @param norm as `normRelu` made it */
export function statisticsOf(engine: GraphnadBackend, norm: tf.Tensor2D, bias?: tf.Tensor1D): Statistics {
  const columns = norm.shape[1];
  const values = engine.values(norm);
  const mean = values.slice(2 * columns, 3 * columns);
  if (bias !== undefined) {
    const shift = engine.values(bias);
    for (let j = 0; j < columns; j++) mean[j] += shift[j];
  }
  return { mean, variance: values.slice(3 * columns) };
}

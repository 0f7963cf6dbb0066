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

/** BatchNorm as a factor and an offset per column, and the statistics they come from, `[columns]` each. */
export interface ColumnNorm extends Statistics {
  readonly factor: Float32Array;
  readonly offset: Float32Array;
  /** 1 / sqrt(var + eps) */
  readonly inverse: Float64Array;
}

/** @param z `[rows, columns]` */
export function columnNorm(
  engine: GraphnadBackend,
  z: tf.Tensor2D,
  { gamma, beta }: Pick<BatchNorm, 'gamma' | 'beta'>,
  { weights, count }: Rows,
): ColumnNorm {
  const [rows, columns] = z.shape;
  const [g, b] = [engine.values(gamma), engine.values(beta)];
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
      factor[j] = g[j] * inverse[j];
      offset[j] = b[j] - average * factor[j];
    }
    return { mean, variance, factor, offset, inverse };
  });
}

/**
 * Gradients where y = ReLU(gamma n + beta) and n = (z - mean) / sqrt(var + eps). With g the part of dy that passes the
 * ReLU, N rows in all and m the number of rows that a row stands for:
 * dz = gamma / sqrt(var + eps) (g - m / N (sum(g) + n sum(g n))).
 */
export function normGradient(
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

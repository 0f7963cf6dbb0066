import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { normRelu, normReluGradient, rowsOf, statisticsOf } from '../../../server/src/tensor/columnNorm';
import { engineInUse, type GraphnadBackend } from '../../../server/src/tensor/engine/graphnadBackend';
import { assertClose } from '../defense/assertClose';

describe('BatchNorm of the engine', () => {
  let engine: GraphnadBackend;
  before(async () => {
    await selectBackend('graphnad');
    engine = engineInUse() as GraphnadBackend;
  });

  /** Mean and biased variance in float64. */
  function moments(values: readonly number[], weights: readonly number[]): [mean: number, variance: number] {
    const count = weights.reduce((sum, w) => sum + w, 0);
    const mean = values.reduce((sum, x, i) => sum + weights[i] * x, 0) / count;
    return [mean, values.reduce((sum, x, i) => sum + weights[i] * (x - mean) ** 2, 0) / count];
  }

  it('has exact statistics where means are far from zero, and where a first row is far from the others', () => {
    const rng = new Rng(1);
    for (const [shift, first] of [
      [0, 0],
      [3000, 3000],
      [0, 500],
    ]) {
      // prettier-ignore
      for (const rows of [2, 63, 200]) {
        const column = Array.from({ length: rows }, (_, row) => Math.fround((row === 0 ? first : shift) + rng.normal()));
        const weights = column.map(() => 1 + rng.integer(4));
        const statistics: number[] = [];
        tf.tidy(() => {
          const vector = tf.ones<tf.Rank.R1>([1]);
          const z = tf.tensor2d(column, [rows, 1]);
          const ofRows = rowsOf(rows, Float32Array.from(weights));
          const { norm } = normRelu(engine, z, { gamma: vector, beta: vector }, ofRows);
          const { mean, variance } = statisticsOf(engine, norm);
          statistics.push(mean[0], variance[0]);
        });
        const expected = moments(column, weights);
        assertClose(statistics, expected, `statistics of ${rows} rows about ${shift}`, 1e-6);
        assertClose(statistics.slice(1), expected.slice(1), `variance of ${rows} rows about ${shift}`, 1e-5);
      }
    }
  });

  it('moves the mean by a bias, and gives back what the gradient took', () => {
    const before = engine.memoryPool.bytesInUse;
    tf.tidy(() => {
      const [gamma, beta] = [tf.ones<tf.Rank.R1>([2]), tf.zeros<tf.Rank.R1>([2])];
      const z = tf.tensor2d([1, 2, 3, 6], [2, 2]);
      const rows = rowsOf(2);
      const { value, norm } = normRelu(engine, z, { gamma, beta }, rows);
      assertClose(value.dataSync(), [0, 0, 1, 1], 'value');
      assert.deepEqual([...statisticsOf(engine, norm, tf.tensor1d([10, 20])).mean], [12, 24]);
      const { dz, dGamma, dBeta } = normReluGradient(engine, tf.ones([2, 2]), z, norm, rows);
      assert.deepEqual([...dBeta.dataSync()], [1, 1]);
      assertClose(dGamma.dataSync(), [1, 1], 'gamma');
      // Two rows end up at -1 and 1 wherever they are.
      assertClose([...dz.dataSync(), 1], [0, 0, 0, 0, 1], 'gradient');
    });
    assert.equal(engine.memoryPool.bytesInUse, before);
  });

  it('counts how many rows there are, of which it needs two', () => {
    assert.equal(rowsOf(3).count, 3);
    assert.equal(rowsOf(1, Float32Array.of(2)).count, 2);
    assert.throws(() => rowsOf(1), RangeError);
  });
});

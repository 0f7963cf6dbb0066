import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { placesIn, rowOf, tablesOf } from '../../../../server/src/gnn/plan/embedding';
import type { EmbeddingTables } from '../../../../server/src/gnn/plan/modelPlan';
import { Rng } from '../../../../server/src/graph/rng';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { sparseProduct } from '../../../../server/src/tensor/sparseProduct';

const tables: EmbeddingTables = { width: 2, tables: [{ name: 'a', places: 3 }, { name: 'b', places: 2 }] }; // prettier-ignore

describe('tables', () => {
  before(() => selectBackend('cpu'));

  it('are one matrix, and are read back one by one', () => {
    const spec = tablesOf(tables);
    assert.deepEqual(
      spec.tensors.map(({ name, shape, trained }) => ({ name, shape, trained })),
      [
        { name: 'a', shape: [3, 2], trained: true },
        { name: 'b', shape: [2, 2], trained: true },
      ],
    );
    const values = [
      { shape: [3, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
      { shape: [2, 2], values: Float32Array.of(7, 8, 9, 10) },
    ];
    const rows = spec.make(values);
    assert.deepEqual(rows.shape, [5, 2]);
    assert.deepEqual(spec.read(rows), values);
    tf.dispose(spec.variables(rows));
  });

  it('are drawn within the limits of Glorot', () => {
    const drawn = tablesOf(tables).tensors[0].initial(new Rng(1));
    assert.equal(drawn.length, 6);
    assert.ok(drawn.every((value) => Math.abs(value) <= Math.sqrt(6 / 5)) && new Set(drawn).size === 6);
  });

  it('give the sum of a row of each for numbers', () => {
    tf.tidy(() => {
      const rows = tf.tensor2d([1, 2, 3, 4, 5, 6, 70, 80, 90, 100], [5, 2]);
      const sums = sparseProduct(placesIn(tables, Float32Array.of(0, 0, 2, 1, 1, 0)), rows);
      assert.deepEqual([...sums.dataSync()], [71, 82, 95, 106, 73, 84]);
      const wanted = sparseProduct(placesIn(tables, Float32Array.of(0, 0, 2, 1), [1, 1, 0]), rows);
      assert.deepEqual([...wanted.dataSync()], [95, 106, 95, 106, 71, 82]);
    });
  });

  it('have no place for numbers beyond their end', () => {
    for (const numbers of [
      [3, 0],
      [0, 2],
      [-1, 0],
      [NaN, 0],
    ]) {
      // prettier-ignore
      assert.throws(() => placesIn(tables, Float32Array.from(numbers)), RangeError);
    }
  });

  it('may have one row alone', () => {
    const spec = rowOf('root', 2);
    assert.deepEqual(spec.tensors[0].shape, [1, 2]);
    const row = spec.make([{ shape: [1, 2], values: Float32Array.of(3, 4) }]);
    assert.deepEqual(spec.read(row), [{ shape: [1, 2], values: Float32Array.of(3, 4) }]);
    row.dispose();
  });
});

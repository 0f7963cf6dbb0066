import assert from 'node:assert/strict';
import { SparseRows } from '../../../server/src/tensor/sparseRows';
import { denseOf } from '../../support/sparse';

describe('SparseRows', () => {
  it('adds up what falls on the same place of a row, and scales rows', () => {
    const rows = new SparseRows([4, 3], 6);
    rows.add(2, 1);
    rows.add(0, 2);
    rows.add(2, 3);
    rows.endRow();
    rows.endRow();
    rows.add(0, 5);
    rows.add(0, 5);
    rows.endRow(0.5);
    rows.add(2, 7);
    rows.endRow();
    const matrix = rows.build();
    assert.deepEqual(denseOf(matrix), [
      [2, 0, 4],
      [0, 0, 0],
      [5, 0, 0],
      [0, 0, 7],
    ]);
    assert.deepEqual([...matrix.rowOffsets], [0, 2, 2, 3, 4]);
    assert.deepEqual([...matrix.columnIndices], [2, 0, 0, 2]);
  });

  it('builds several at a time and one after the other, without any seeing another', () => {
    const build = (seed: number): SparseRows => {
      const rows = new SparseRows([2, 2 + seed], 4);
      for (let row = 0; row < 2; row++) {
        rows.add(seed, seed);
        rows.add(row, 1);
        rows.endRow();
      }
      return rows;
    };
    const expected = (seed: number): number[][] =>
      [0, 1].map((row) => Array.from({ length: 2 + seed }, (_, c) => (c === seed ? seed : 0) + (c === row ? 1 : 0)));
    const [small, large] = [build(1), build(9)];
    const matrices = [small.build(), large.build(), build(3).build(), build(20).build()];
    assert.deepEqual(matrices.map(denseOf), [1, 9, 3, 20].map(expected));
  });
});

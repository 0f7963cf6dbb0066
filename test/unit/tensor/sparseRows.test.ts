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
});

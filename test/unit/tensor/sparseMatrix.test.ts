import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Rng } from '../../../server/src/graph/rng';
import { denseOf, randomSparse, sparseOf } from '../../support/sparse';

describe('SparseMatrix', () => {
  it('has every entry at the mirrored place of its transpose, rows in order', () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(size, size, fc.double({ min: 0, max: 1 }), (rows, columns, density) => {
        const matrix = randomSparse(new Rng(rows * 10 + columns), rows, columns, density);
        const { transposed } = matrix;
        const dense = denseOf(matrix);
        const mirrored = denseOf(transposed);
        for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) assert.equal(mirrored[c][r], dense[r][c]);
        for (let c = 0; c < columns; c++) {
          const row = [...transposed.columnIndices.subarray(transposed.rowOffsets[c], transposed.rowOffsets[c + 1])];
          assert.deepEqual(
            row,
            [...row].sort((a, b) => a - b),
          );
        }
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it('is transposed once', () => {
    const matrix = sparseOf([[1, 2]]);
    assert.equal(matrix.transposed, matrix.transposed);
  });

  it('tells the row of each entry', () => {
    const matrix = sparseOf([
      [1, 0, 2],
      [0, 0, 0],
      [3, 4, 5],
    ]);
    assert.deepEqual([...matrix.rowIndices()], [0, 0, 2, 2, 2]);
  });
});

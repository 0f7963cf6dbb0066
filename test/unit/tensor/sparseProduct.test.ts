import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { Rng } from '../../../server/src/graph/rng';
import { SparseMatrix } from '../../../server/src/tensor/sparseMatrix';
import { multiplyRows, sparseProduct, sparseProductComposed } from '../../../server/src/tensor/sparseProduct';
import { evaluateOn, randomValues } from '../../support/operations';
import { denseOf, randomSparse } from '../../support/sparse';
import { assertClose } from '../defense/assertClose';

/** The product with the full matrix, zeros included: nothing but operations of tfjs with gradients of their own. */
function denseProduct(matrix: SparseMatrix, h: tf.Tensor, upper?: Float32Array): tf.Tensor {
  const product = tf.matMul(tf.tensor2d(denseOf(matrix), [...matrix.shape]), h);
  return upper === undefined ? product : tf.minimum(product, tf.tensor1d(upper));
}

const operations = [
  { name: 'sparseProduct', operation: sparseProduct, backend: 'graphnad' },
  { name: 'sparseProduct', operation: sparseProduct, backend: 'cpu' },
  { name: 'sparseProductComposed', operation: sparseProductComposed, backend: 'graphnad' },
] as const;

for (const { name, operation, backend } of operations) {
  describe(`${name} on ${backend}`, () => {
    async function check(matrix: SparseMatrix, width: number, bounded: boolean): Promise<void> {
      const rng = new Rng(width);
      const h = randomValues(rng, matrix.shape[1], width);
      // Never zero, which is the product in empty rows: bounds that hold exactly have no derivative to compare.
      const upper = bounded ? Float32Array.from({ length: width }, () => rng.between(-0.5, 1.5) + 1e-3) : undefined;
      const actual = await evaluateOn(backend, [h], (x) => operation(matrix, x as tf.Tensor2D, upper));
      const expected = await evaluateOn('cpu', [h], (x) => denseProduct(matrix, x, upper));
      assertClose(actual.value, expected.value, 'value', 1e-5);
      assertClose(actual.gradients[0], expected.gradients[0], 'gradient', 1e-5);
    }

    it('equals the dense product, gradient included, for any shapes, entries, widths and bounds', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.record({
            rows: fc.integer({ min: 1, max: 12 }),
            columns: fc.integer({ min: 1, max: 12 }),
            density: fc.constantFrom(0, 0.1, 0.4, 1),
            seed: fc.nat(1000),
          }),
          fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 16, 18, 21, 32, 37, 48, 64, 67),
          fc.boolean(),
          ({ rows, columns, density, seed }, width, bounded) =>
            check(randomSparse(new Rng(seed), rows, columns, density), width, bounded),
        ),
        { seed: 3, numRuns: 60 },
      );
    });

    it('gives no rows where there are none', async () => {
      await check(randomSparse(new Rng(1), 0, 3, 1), 5, true);
    });
  });
}

describe('multiplyRows', () => {
  it('sums the rows that the entries name', () => {
    // A path of three nodes with weights.
    const matrix = new SparseMatrix(
      [3, 3],
      Int32Array.of(0, 2, 5, 7),
      Int32Array.of(0, 1, 0, 1, 2, 1, 2),
      Float32Array.of(2, 1, 1, 2, 1, 1, 2),
    );
    const y = new Float32Array(3);
    multiplyRows(matrix, Float32Array.of(1, 10, 100), 1, y);
    assert.deepEqual([...y], [12, 121, 210]);
    multiplyRows(matrix, Float32Array.of(1, 10, 100), 1, y, Float32Array.of(50));
    assert.deepEqual([...y], [12, 50, 50]);
  });
});

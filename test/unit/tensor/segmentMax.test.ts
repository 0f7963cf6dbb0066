import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { segmentMax, segmentMaxComposed } from '../../../server/src/tensor/segmentMax';
import { SparseMatrix } from '../../../server/src/tensor/sparseMatrix';
import { testedBackends } from '../../support/backends';
import { evaluateOn, randomValues } from '../../support/operations';
import { randomSparse, sparseOf } from '../../support/sparse';
import { assertClose } from '../defense/assertClose';
import { assertGradient } from './finiteDifferences';

/** Members of segments with whole weights; some segments are empty, some rows belong to several. */
function randomMembers(rng: Rng, segments: number, rows: number): SparseMatrix {
  const { shape, rowOffsets, columnIndices } = randomSparse(rng, segments, rows);
  const weights = Float32Array.from(columnIndices, () => 1 + rng.integer(3));
  return new SparseMatrix(shape, rowOffsets, columnIndices, weights);
}

for (const backend of testedBackends) {
  describe(`segmentMax on ${backend}`, () => {
    it('equals the composition and its gradient, where values are equal too', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 8 }),
          fc.integer({ min: 1, max: 30 }),
          fc.integer({ min: 1, max: 21 }),
          fc.boolean(),
          fc.nat(1000),
          async (segments, rows, width, rounded, seed) => {
            const rng = new Rng(seed);
            const members = randomMembers(rng, segments, rows);
            const { shape, values } = randomValues(rng, rows, width);
            const x = { shape, values: rounded ? values.map(Math.round) : values };
            const actual = await evaluateOn(backend, [x], (z) => segmentMax(members, z as tf.Tensor2D));
            const composed = await evaluateOn('cpu', [x], (z) => segmentMaxComposed(members, z as tf.Tensor2D));
            assertClose(actual.value, composed.value, 'value', 1e-6);
            assertClose(actual.gradients[0], composed.gradients[0], 'gradient', 1e-5);
          },
        ),
        { seed: 3, numRuns: 50 },
      );
    });

    it('takes the largest member, and shares the gradient among equal ones by weight', async () => {
      await selectBackend(backend);
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const members = sparseOf([[1, 3, 1, 0], [0, 0, 0, 0], [0, 0, 0, 1]]); // prettier-ignore
        const x = tf.tensor2d([[5, -1], [5, -2], [4, -1], [-7, 0]]); // prettier-ignore
        const { value, grad } = tf.valueAndGrad(
          (z: tf.Tensor) =>
          tf.sum(tf.mul(segmentMax(members, z as tf.Tensor2D), tf.tensor2d([[8, 2], [1, 1], [3, 6]]))), // prettier-ignore
        )(x);
        assert.deepEqual([...segmentMax(members, x).dataSync()], [5, -1, 0, 0, -7, 0]);
        assert.equal(value.dataSync()[0], 5 * 8 - 2 - 7 * 3);
        assert.deepEqual([...grad.dataSync()], [2, 1, 6, 0, 0, 1, 3, 6]);
        const distinct = tf.tensor2d([1, -2, 3, 0.5, -1, 2, 0, 4], [4, 2]);
        assertGradient((z) => tf.sum(tf.square(segmentMax(members, z as tf.Tensor2D))), distinct);
      });
      assert.equal(tf.memory().numTensors, before);
    });

    it('gives zero where there are no members', async () => {
      await selectBackend(backend);
      tf.tidy(() => {
        const none = new SparseMatrix([2, 3], new Int32Array(3), new Int32Array(0), new Float32Array(0));
        assert.deepEqual([...segmentMax(none, tf.ones([3, 1])).dataSync()], [0, 0]);
      });
    });
  });
}

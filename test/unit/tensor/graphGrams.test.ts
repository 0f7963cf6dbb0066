import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { graphGrams, graphGramsComposed, type GramTerms } from '../../../server/src/tensor/graphGrams';
import { testedBackends } from '../../support/backends';
import { evaluateOn, randomValues } from '../../support/operations';
import { assertClose } from '../defense/assertClose';
import { assertGradient } from './finiteDifferences';

/** Terms of graphs of the sizes given, each of random rows; rows may come again and may not come at all. */
function randomTerms(rng: Rng, sizes: readonly number[], leftRows: number, rightRows: number): GramTerms {
  const offsets = new Int32Array(sizes.length + 1);
  sizes.forEach((size, g) => (offsets[g + 1] = offsets[g] + size));
  const length = offsets[sizes.length];
  return {
    offsets,
    leftRows: Int32Array.from({ length }, () => rng.integer(leftRows)),
    rightRows: Int32Array.from({ length }, () => rng.integer(rightRows)),
    weights: Float32Array.from({ length }, () => rng.between(0.1, 2)),
  };
}

for (const backend of testedBackends) {
  describe(`graphGrams on ${backend}`, () => {
    before(() => selectBackend(backend));

    it('is the weighted sum of the products of rows', () => {
      const left = tf.tensor2d([1, 2, 3, 4], [2, 2]);
      const right = tf.tensor2d([1, 0, 2, 5, 6, 7], [2, 3]);
      const result = graphGrams(left, right, {
        offsets: Int32Array.of(0, 2, 3),
        leftRows: Int32Array.of(0, 1, 1),
        rightRows: Int32Array.of(0, 0, 1),
        weights: Float32Array.of(1, 0.5, 2),
      });
      // [1, 2]^T [1, 0, 2] + [3, 4]^T [1, 0, 2] / 2, and 2 [3, 4]^T [5, 6, 7]
      assert.deepEqual([...result.dataSync()], [2.5, 0, 5, 4, 0, 8, 30, 36, 42, 40, 48, 56]);
      tf.dispose([left, right, result]);
    });

    it('equals the composition, gradients included, for any sizes and terms', async () => {
      const width = fc.integer({ min: 1, max: 9 });
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }),
          fc.integer({ min: 1, max: 7 }),
          fc.integer({ min: 1, max: 7 }),
          width,
          width,
          async (sizes, leftRows, rightRows, c, d) => {
            const rng = new Rng(leftRows * 1000 + rightRows * 100 + c * 10 + d);
            const terms = randomTerms(rng, sizes, leftRows, rightRows);
            const inputs = [randomValues(rng, leftRows, c), randomValues(rng, rightRows, d)];
            const fused = await evaluateOn(backend, inputs, (l, r) =>
              graphGrams(l as tf.Tensor2D, r as tf.Tensor2D, terms),
            );
            const composed = await evaluateOn('cpu', inputs, (l, r) =>
              graphGramsComposed(l as tf.Tensor2D, r as tf.Tensor2D, terms),
            );
            assertClose(fused.value, composed.value, 'value', 1e-5);
            fused.gradients.forEach((gradient, i) =>
              assertClose(gradient, composed.gradients[i], `gradient ${i}`, 1e-5),
            );
          },
        ),
        { seed: 3, numRuns: 40 },
      );
    });

    it('has the gradient of its values, for both inputs', () => {
      const rng = new Rng(3);
      const left = tf.tensor2d([...randomValues(rng, 9, 4).values], [9, 4]);
      const right = tf.tensor2d([...randomValues(rng, 5, 3).values], [5, 3]);
      const terms = randomTerms(rng, [4, 6], 9, 5);
      const mix = tf.tensor3d(
        Array.from({ length: 24 }, (_, i) => Math.sin(i)),
        [2, 4, 3],
      );
      const value = (l: tf.Tensor2D, r: tf.Tensor2D): tf.Scalar =>
        tf.sum(tf.mul(tf.square(graphGrams(l, r, terms)), mix));
      assertGradient((x) => value(x as tf.Tensor2D, right), left);
      assertGradient((x) => value(left, x as tf.Tensor2D), right);
      tf.dispose([left, right, mix]);
    });
  });
}

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { unitRows, unitRowsComposed } from '../../../server/src/tensor/unitRows';
import { testedBackends } from '../../support/backends';
import { evaluateOn, randomValues } from '../../support/operations';
import { assertClose } from '../defense/assertClose';
import { assertGradient } from './finiteDifferences';

const tiny = { norm: 1e-8, squared: 1e-24 };

for (const backend of testedBackends) {
  describe(`unitRows on ${backend}`, () => {
    it('equals the composition, gradient included, for any shapes', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 0, max: 9 }),
          fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(700)),
          fc.constantFrom({ norm: 0.3, squared: 0.2 }, tiny),
          async (rows, columns, norms) => {
            const x = randomValues(new Rng(rows + columns), rows, columns);
            const fused = await evaluateOn(backend, [x], (input) => unitRows(input as tf.Tensor2D, norms));
            const composed = await evaluateOn('cpu', [x], (input) => unitRowsComposed(input as tf.Tensor2D, norms));
            assertClose(fused.value, composed.value, 'value', 1e-5);
            // Gradients of a row of one number are what rounding leaves of zero.
            if (columns > 1) assertClose(fused.gradients[0], composed.gradients[0], 'gradient', 1e-5);
          },
        ),
        { seed: 3, numRuns: 40 },
      );
    });

    it('has the gradient of its values, and a finite one at zero', async () => {
      await selectBackend(backend);
      tf.tidy(() => {
        const rng = new Rng(2);
        const [x, mix] = [0, 1].map(() => tf.tensor2d([...randomValues(rng, 3, 5).values], [3, 5]));
        const value = (input: tf.Tensor): tf.Scalar => tf.sum(tf.mul(unitRows(input as tf.Tensor2D, tiny), mix));
        assertGradient(value, x);
        const gradient = tf.grad(value)(tf.zeros([3, 5]));
        assert.ok(gradient.dataSync().every(Number.isFinite));
      });
    });
  });
}

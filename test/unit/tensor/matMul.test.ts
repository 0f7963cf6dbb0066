import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../server/src/graph/rng';
import { fusedLinear, matMul } from '../../../server/src/tensor/matMul';
import { withGradient } from '../../../server/src/tensor/withGradient';
import { testedBackends } from '../../support/backends';
import { evaluateOn, randomValues } from '../../support/operations';
import { assertClose } from '../defense/assertClose';

const size = fc.integer({ min: 1, max: 12 });

for (const backend of testedBackends) {
  describe(`matMul on ${backend}`, () => {
    it('equals tf.matMul, gradients included', async () => {
      await fc.assert(
        fc.asyncProperty(size, size, size, async (m, k, n) => {
          const rng = new Rng(m * 1000 + k * 50 + n);
          const inputs = [randomValues(rng, m, k), randomValues(rng, k, n)];
          const own = await evaluateOn(backend, inputs, (a, b) => matMul(a as tf.Tensor2D, b as tf.Tensor2D));
          const standard = await evaluateOn('cpu', inputs, (a, b) => tf.matMul(a, b));
          assertClose(own.value, standard.value, 'value', 1e-5);
          own.gradients.forEach((g, i) => assertClose(g, standard.gradients[i], `gradient ${i}`, 1e-5));
        }),
        { seed: 3, numRuns: 25 },
      );
    });
  });

  describe(`fusedLinear on ${backend}`, () => {
    for (const activation of ['linear', 'relu'] as const) {
      it(`multiplies, adds and applies ${activation}, also while gradients are recorded`, async () => {
        const rng = new Rng(1);
        const inputs = [randomValues(rng, 5, 3), randomValues(rng, 3, 4), randomValues(rng, 4)];
        const standard = await evaluateOn('cpu', inputs, (x, w, b) => {
          const u = tf.add(tf.matMul(x, w), b);
          return activation === 'relu' ? tf.relu(u) : u;
        });
        // It has no gradient of its own, so it stands inside an operation that is given one.
        const own = await evaluateOn(backend, inputs, (x, w, b) =>
          withGradient([x, w, b], () => ({
            value: fusedLinear(x as tf.Tensor2D, w as tf.Tensor2D, b as tf.Tensor1D, activation),
            saved: [],
            gradient: () => inputs.map(({ shape }) => tf.zeros([...shape])),
          })),
        );
        assertClose(own.value, standard.value, 'value', 1e-5);
      });
    }
  });
}

import fc from 'fast-check';
import type * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../server/src/graph/rng';
import { linear, linearComposed } from '../../../server/src/tensor/linear';
import { testedBackends } from '../../support/backends';
import { evaluateOn, randomValues } from '../../support/operations';
import { assertClose } from '../defense/assertClose';

const run =
  (operation: typeof linear) =>
  (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
    operation(x as tf.Tensor2D, { weight: weight as tf.Tensor2D, bias: bias as tf.Tensor1D });

for (const backend of testedBackends) {
  describe(`linear on ${backend}`, () => {
    it('equals the composition, all gradients included', async () => {
      const size = fc.integer({ min: 1, max: 20 });
      await fc.assert(
        fc.asyncProperty(size, size, size, async (rows, inputs, outputs) => {
          const rng = new Rng(rows * 400 + inputs * 20 + outputs);
          const values = [[rows, inputs], [inputs, outputs], [outputs]].map((shape) => randomValues(rng, ...shape));
          const fused = await evaluateOn(backend, values, run(linear));
          const composed = await evaluateOn('cpu', values, run(linearComposed));
          assertClose(fused.value, composed.value, 'value', 1e-5);
          fused.gradients.forEach((gradient, i) => assertClose(gradient, composed.gradients[i], `gradient ${i}`, 1e-5));
        }),
        { seed: 3, numRuns: 30 },
      );
    });
  });
}

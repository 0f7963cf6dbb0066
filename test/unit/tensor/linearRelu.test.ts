import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../server/src/graph/rng';
import { linearRelu, linearReluComposed, type LinearReluOptions } from '../../../server/src/tensor/linearRelu';
import { testedBackends } from '../../support/backends';
import { evaluateOn, randomValues } from '../../support/operations';
import { randomSparse } from '../../support/sparse';
import { assertClose } from '../defense/assertClose';

for (const backend of testedBackends) {
  describe(`linearRelu on ${backend}`, () => {
    it('equals the composition, all gradients included, with and without BatchNorm and bounds', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.record({
            rows: fc.integer({ min: 1, max: 20 }),
            inputs: fc.integer({ min: 1, max: 9 }),
            outputs: fc.integer({ min: 1, max: 9 }),
            normed: fc.boolean(),
            bounded: fc.boolean(),
            propagated: fc.boolean(),
            inputGradient: fc.boolean(),
            seed: fc.nat(1000),
          }),
          async ({ rows, inputs, outputs, normed, bounded, propagated, inputGradient, seed }) => {
            const rng = new Rng(seed);
            const vectors = normed ? 3 : 1;
            const parameters = [
              randomValues(rng, inputs, outputs),
              ...Array.from({ length: vectors }, () => randomValues(rng, outputs)),
            ];
            const propagation = propagated ? randomSparse(rng, rows + 2, rows) : undefined;
            const x = randomValues(rng, rows, inputs);
            const running = {
              mean: Float32Array.from({ length: outputs }, () => rng.normal()),
              variance: Float32Array.from({ length: outputs }, () => rng.between(0.2, 3)),
            };
            const upper = bounded ? Float32Array.from({ length: outputs }, () => rng.between(0, 1.5)) : undefined;
            const run = (layer: typeof linearRelu, options: LinearReluOptions) =>
              function operation(input: tf.Tensor, ...[weight, bias, gamma, beta]: tf.Tensor[]): tf.Tensor {
                const norm = normed ? { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D, running } : undefined;
                const linear = { weight: weight as tf.Tensor2D, bias: bias as tf.Tensor1D, norm };
                return layer(input as tf.Tensor2D, linear, options);
              };
            const composed = await evaluateOn(
              'cpu',
              [x, ...parameters],
              run(linearReluComposed, { propagation, upper }),
            );
            const full = await evaluateOn(backend, [x, ...parameters], run(linearRelu, { propagation, upper }));
            assertClose(full.value, composed.value, 'value', 1e-5);
            full.gradients.forEach((g, i) => assertClose(g, composed.gradients[i], `gradient ${i}`));
            if (inputGradient) return;
            // A constant input gets no gradient; all others are the same.
            const constant = await evaluateOn(backend, parameters, (...rest) => {
              const input = tf.tensor2d([...x.values], [rows, inputs]);
              return run(linearRelu, { propagation, upper, inputGradient })(input, ...rest);
            });
            constant.gradients.forEach((g, i) => assertClose(g, full.gradients[i + 1], `gradient ${i + 1}`));
          },
        ),
        { seed: 3, numRuns: 40 },
      );
    });
  });
}

import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import {
  trainingLinearRelu,
  trainingLinearReluComposed,
  type TrainingLinearReluOptions,
} from '../../../server/src/tensor/trainingLinearRelu';
import type { TrainingOutput } from '../../../server/src/tensor/batchNormRelu';
import { testedBackends } from '../../support/backends';
import { evaluateOn, randomValues, type Values } from '../../support/operations';
import { randomSparse } from '../../support/sparse';
import { assertClose } from '../defense/assertClose';

type Layer = typeof trainingLinearReluComposed;

function run(
  layer: Layer,
  outputs: TrainingOutput[],
  options: TrainingLinearReluOptions,
): (...inputs: tf.Tensor[]) => tf.Tensor {
  return (x, weight, bias, gamma, beta) => {
    const result = layer(
      x as tf.Tensor2D,
      { weight: weight as tf.Tensor2D, bias: bias as tf.Tensor1D },
      { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D },
      options,
    );
    outputs.push(result);
    return result.output;
  };
}

for (const backend of testedBackends) {
  describe(`trainingLinearRelu on ${backend}`, () => {
    it('equals the composition, statistics and all gradients included', async () => {
      await fc.assert(
        fc.asyncProperty(
          // With a single input column the output hardly depends on the weight, and its gradient is all rounding.
          fc.integer({ min: 12, max: 30 }),
          fc.integer({ min: 2, max: 9 }),
          fc.integer({ min: 1, max: 9 }),
          fc.boolean(),
          fc.boolean(),
          async (rows, inputs, outputs, repeated, propagated) => {
            const rng = new Rng(rows * 100 + inputs * 10 + outputs);
            const propagation = propagated ? randomSparse(rng, rows, rows + 3) : undefined;
            const x = randomValues(rng, propagated ? rows + 3 : rows, inputs);
            const weight = randomValues(rng, inputs, outputs);
            const vector = (): Values => randomValues(rng, outputs);
            const values = [x, weight, vector(), vector(), vector()];
            const [fusedRuns, composedRuns]: TrainingOutput[][] = [[], []];
            const multiplicity = repeated ? Float32Array.from({ length: rows }, () => 1 + rng.integer(5)) : undefined;
            const options = { multiplicity, propagation };
            const fused = await evaluateOn(backend, values, run(trainingLinearRelu, fusedRuns, options));
            const composed = await evaluateOn('cpu', values, run(trainingLinearReluComposed, composedRuns, options));
            assertClose(fusedRuns[0].batch.mean, composedRuns[0].batch.mean, 'mean', 1e-5);
            assertClose(fusedRuns[0].batch.variance, composedRuns[0].batch.variance, 'variance', 1e-5);
            assertClose(fused.value, composed.value, 'value');
            // The gradient of the bias is rounding noise in the composition and exactly zero in the kernels.
            if (backend === 'graphnad') assert.ok(fused.gradients[2].every((value) => value === 0));
            for (const i of [0, 1, 3, 4]) assertClose(fused.gradients[i], composed.gradients[i], `gradient ${i}`, 1e-3);
          },
        ),
        { seed: 3, numRuns: 30 },
      );
    });

    it('refuses a single row, which has no variance', async () => {
      await selectBackend(backend);
      tf.tidy(() => {
        const vector = tf.ones<tf.Rank.R1>([2]);
        assert.throws(
          () =>
            trainingLinearRelu(
              tf.ones([1, 2]),
              { weight: tf.ones([2, 2]), bias: vector },
              { gamma: vector, beta: vector },
            ),
          RangeError,
        );
      });
    });
  });
}

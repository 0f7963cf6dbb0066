import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import {
  batchNormRelu,
  batchNormReluComposed,
  type BatchNormReluOptions,
  type TrainingOutput,
} from '../../../server/src/tensor/batchNormRelu';
import { testedBackends } from '../../support/backends';
import { evaluateOn, randomValues } from '../../support/operations';
import { assertClose } from '../defense/assertClose';
import { assertGradient } from './finiteDifferences';

function run(
  operation: typeof batchNormRelu,
  outputs: TrainingOutput[],
  options: BatchNormReluOptions,
): (...inputs: tf.Tensor[]) => tf.Tensor {
  return (x, gamma, beta, bias?: tf.Tensor) => {
    const norm = { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D };
    const result = operation(x as tf.Tensor2D, norm, { ...options, bias: bias as tf.Tensor1D | undefined });
    outputs.push(result);
    return result.output;
  };
}

for (const backend of testedBackends) {
  describe(`batchNormRelu on ${backend}`, () => {
    it('equals the composition, statistics and all gradients included', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 3, max: 150 }),
          fc.integer({ min: 1, max: 9 }),
          fc.boolean(),
          fc.boolean(),
          async (rows, columns, repeated, biased) => {
            const rng = new Rng(rows * 100 + columns);
            const inputs = [[rows, columns], [columns], [columns], ...(biased ? [[columns]] : [])];
            const values = inputs.map((shape) => randomValues(rng, ...shape));
            const multiplicity = repeated ? Float32Array.from({ length: rows }, () => 1 + rng.integer(5)) : undefined;
            const [fusedRuns, composedRuns]: TrainingOutput[][] = [[], []];
            const fused = await evaluateOn(backend, values, run(batchNormRelu, fusedRuns, { multiplicity }));
            const composed = await evaluateOn(
              'cpu',
              values,
              run(batchNormReluComposed, composedRuns, { multiplicity }),
            );
            assertClose(fusedRuns[0].batch.mean, composedRuns[0].batch.mean, 'mean', 1e-5);
            assertClose(fusedRuns[0].batch.variance, composedRuns[0].batch.variance, 'variance', 1e-5);
            assertClose(fused.value, composed.value, 'value');
            // The gradient of the bias is rounding noise in the composition and exactly zero in the kernels.
            if (backend === 'graphnad' && biased) assert.ok(fused.gradients[3].every((value) => value === 0));
            for (const i of [0, 1, 2]) assertClose(fused.gradients[i], composed.gradients[i], `gradient ${i}`, 1e-3);
          },
        ),
        { seed: 3, numRuns: 30 },
      );
    });

    it('has the gradient of its values', async () => {
      await selectBackend(backend);
      tf.tidy(() => {
        const rng = new Rng(2);
        const of = (...shape: number[]): tf.Tensor => tf.tensor([...randomValues(rng, ...shape).values], shape);
        const [x, gamma, beta] = [of(6, 3) as tf.Tensor2D, of(3) as tf.Tensor1D, of(3) as tf.Tensor1D];
        const mix = of(6, 3);
        // Far from the corner of the ReLU, where differences mean nothing.
        const high = tf.add<tf.Tensor1D>(tf.abs(beta), 4);
        const value = (...[z, g, b]: tf.Tensor[]): tf.Scalar =>
          tf.sum(
            tf.mul(mix, batchNormRelu(z as tf.Tensor2D, { gamma: g as tf.Tensor1D, beta: b as tf.Tensor1D }).output),
          );
        assertGradient((z) => value(z, gamma, high), x);
        assertGradient((g) => value(x, g, high), gamma);
        assertGradient((b) => value(x, gamma, b), high);
      });
    });

    it('refuses a single row, which has no variance', async () => {
      await selectBackend(backend);
      tf.tidy(() => {
        const vector = tf.ones<tf.Rank.R1>([2]);
        assert.throws(() => batchNormRelu(tf.ones([1, 2]), { gamma: vector, beta: vector }), RangeError);
      });
    });
  });
}

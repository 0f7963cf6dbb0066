import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { segmentSizes, segmentSum, segmentSumComposed } from '../../../server/src/tensor/segment';
import { evaluateOn, randomValues } from '../../support/operations';
import { assertClose } from '../defense/assertClose';

for (const backend of ['cpu', 'graphnad'] as const) {
  describe(`segmentSum on ${backend}`, () => {
    it('equals the standard operation, gradients included, empty segments too', async () => {
      const sizes = fc.array(fc.nat(6), { minLength: 1, maxLength: 6 }).filter((list) => list.some((size) => size > 0));
      await fc.assert(
        fc.asyncProperty(sizes, fc.integer({ min: 1, max: 9 }), async (list, width) => {
          const offsets = new Int32Array(list.length + 1);
          list.forEach((size, g) => (offsets[g + 1] = offsets[g] + size));
          const values = randomValues(new Rng(width), offsets[list.length], width);
          const fused = await evaluateOn(backend, [values], (x) => segmentSum(x as tf.Tensor2D, offsets));
          const composed = await evaluateOn('cpu', [values], (x) => segmentSumComposed(x as tf.Tensor2D, offsets));
          assertClose(fused.value, composed.value, 'value', 1e-5);
          assertClose(fused.gradients[0], composed.gradients[0], 'gradient', 1e-5);
        }),
        { seed: 3, numRuns: 40 },
      );
    });
  });
}

describe('segmentSizes', () => {
  it('counts rows, with 1 for an empty segment', async () => {
    await selectBackend('cpu');
    const sizes = tf.tidy(() => [...segmentSizes(Int32Array.of(0, 3, 3, 7)).dataSync()]);
    assert.deepEqual(sizes, [3, 1, 4]);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { softmaxCrossEntropy, softmaxCrossEntropyComposed } from '../../../server/src/tensor/crossEntropy';
import { testedBackends } from '../../support/backends';
import { evaluateOn, randomValues } from '../../support/operations';
import { assertClose } from '../defense/assertClose';

for (const backend of testedBackends) {
  describe(`softmaxCrossEntropy on ${backend}`, () => {
    it('equals its composition for classes and for probabilities, weighted or not, gradient included', async () => {
      const cases = fc.record({
        rows: fc.integer({ min: 1, max: 9 }),
        classes: fc.integer({ min: 2, max: 7 }),
        weighted: fc.boolean(),
        soft: fc.boolean(),
        divergence: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(cases, async ({ rows, classes, weighted, soft, divergence }) => {
          const rng = new Rng(rows * 100 + classes);
          const logits = randomValues(rng, rows, classes);
          const labels = Int32Array.from({ length: rows }, () => rng.integer(classes + 1));
          const probabilities = randomValues(rng, rows, classes);
          const weights = weighted ? Float32Array.from({ length: rows }, () => rng.uniform()) : undefined;
          const evaluate = (operation: typeof softmaxCrossEntropy) => (x: tf.Tensor) => {
            const targets = soft ? tf.softmax(tf.tensor2d([...probabilities.values], [rows, classes])) : labels;
            return operation(x as tf.Tensor2D, targets, { weights, divergence });
          };
          const own = await evaluateOn(backend, [logits], evaluate(softmaxCrossEntropy));
          const composed = await evaluateOn('cpu', [logits], evaluate(softmaxCrossEntropyComposed));
          assert.ok(Math.abs(own.value[0] - composed.value[0]) < 2e-6, `${own.value[0]}, not ${composed.value[0]}`);
          assertClose(own.gradients[0], composed.gradients[0], 'gradient', 1e-5);
        }),
        { seed: 1, numRuns: 60 },
      );
    });

    it('stays finite and exact where logits are far apart', async () => {
      await selectBackend(backend);
      tf.tidy(() => {
        const logits = tf.tensor2d([
          [1000, -1000],
          [1e38, -1e38],
          [-500, -501],
        ]);
        const loss = (x: tf.Tensor): tf.Scalar => softmaxCrossEntropy(x as tf.Tensor2D, Int32Array.of(0, 0, 0));
        assertClose(loss(logits).dataSync(), [Math.log1p(Math.exp(-1)) / 3], 'value', 1e-6);
        const share = 1 / (1 + Math.E) / 3;
        assertClose(tf.grad(loss)(logits).dataSync(), [0, 0, 0, 0, -share, share], 'gradient', 1e-6);
      });
    });

    it('is not a number where a logit is none', async () => {
      await selectBackend(backend);
      const value = tf.tidy(() => softmaxCrossEntropy(tf.tensor2d([[NaN, 0]]), Int32Array.of(1)).dataSync()[0]);
      assert.ok(Number.isNaN(value));
    });

    it('takes weights as a tensor, and ignores the entropy of targets that are certain', async () => {
      await selectBackend(backend);
      tf.tidy(() => {
        const logits = tf.tensor2d([
          [1, 2],
          [0, 3],
        ]);
        const certain = tf.tensor2d([
          [1, 0],
          [0, 1],
        ]);
        const weights = Float32Array.of(2, 0.5);
        const expected = 2 * Math.log1p(Math.E) + 0.5 * Math.log1p(Math.exp(-3));
        for (const divergence of [false, true]) {
          assertClose(
            softmaxCrossEntropy(logits, certain, { weights, divergence }).dataSync(),
            [expected],
            'array',
            1e-6,
          );
          const value = softmaxCrossEntropy(logits, Int32Array.of(0, 1), { weights: tf.tensor1d(weights), divergence });
          assertClose(value.dataSync(), [expected], 'tensor', 1e-6);
        }
      });
    });
  });
}

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { Rng } from '../../../../server/src/graph/rng';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { evaluateOn, randomValues } from '../../../support/operations';
import { assertClose } from '../../defense/assertClose';

const size = fc.integer({ min: 1, max: 21 });
// tfjs has no gradient of products that broadcast.
const outer = fc.constantFrom<number[]>([], [3], [2, 2]);

describe('matrix products of tfjs on graphnad', () => {
  it('equal those of the JavaScript backend, gradients included: any shapes, transposed or not, stacks', async () => {
    await fc.assert(
      fc.asyncProperty(size, size, size, fc.boolean(), fc.boolean(), outer, async (m, k, n, turnA, turnB, stack) => {
        const rng = new Rng(m + 100 * k + 10_000 * n);
        const a = randomValues(rng, ...stack, ...(turnA ? [k, m] : [m, k]));
        const b = randomValues(rng, ...stack, ...(turnB ? [n, k] : [k, n]));
        const multiply = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => tf.matMul(x, y, turnA, turnB);
        const ours = await evaluateOn('graphnad', [a, b], multiply);
        const plain = await evaluateOn('cpu', [a, b], multiply);
        assertClose(ours.value, plain.value, 'value', 1e-5);
        ours.gradients.forEach((gradient, i) => assertClose(gradient, plain.gradients[i], `gradient ${i}`, 1e-5));
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  it('take bias and activation along', async () => {
    await fc.assert(
      fc.asyncProperty(
        size,
        size,
        size,
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom<('relu' | 'linear' | 'sigmoid')[]>('relu', 'linear', 'sigmoid'),
        async (m, k, n, turnA, turnB, activation) => {
          const rng = new Rng(m + 100 * k + 10_000 * n);
          const inputs = [
            randomValues(rng, ...(turnA ? [k, m] : [m, k])),
            randomValues(rng, ...(turnB ? [n, k] : [k, n])),
            randomValues(rng, n),
          ];
          const fused = (a: tf.Tensor, b: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
            tf.fused.matMul({ a, b, transposeA: turnA, transposeB: turnB, bias, activation });
          const ours = await evaluateOn('graphnad', inputs, fused);
          const plain = await evaluateOn('cpu', inputs, fused);
          assertClose(ours.value, plain.value, 'value', 1e-5);
        },
      ),
      { seed: 12, numRuns: 40 },
    );
  });

  it('repeat a matrix for every one of a stack', async () => {
    await selectBackend('graphnad');
    const values = tf.tidy(() =>
      tf.matMul(tf.tensor([1, 2, 3, 4], [2, 1, 2]), tf.tensor([1, 10], [1, 2, 1])).dataSync(),
    );
    assert.deepEqual([...values], [21, 43]);
  });

  it('of whole numbers stay whole', async () => {
    await selectBackend('graphnad');
    const [a, b] = [[1, 2, 3, 4], [5, 6, 7, 8]]; // prettier-ignore
    const product = tf.tidy(() =>
      tf.matMul(tf.tensor2d(a, [2, 2], 'int32'), tf.tensor2d(b, [2, 2], 'int32')).dataSync(),
    );
    assert.deepEqual([...product], [19, 22, 43, 50]);
  });
});

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../../../server/src/tensor/backend';
import { hostLoop, valuesAreInReach } from '../../../server/src/tensor/hostMemory';
import { testedBackends } from '../../support/backends';

for (const backend of testedBackends) {
  describe(`hostLoop on ${backend}`, () => {
    before(() => selectBackend(backend));

    it('reads inputs and makes outputs', () => {
      assert.equal(valuesAreInReach(), backend !== 'tensorflow');
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const input = tf.tensor2d([1, 2, 3, 4], [2, 2]);
        const [doubled, sum] = hostLoop([input], [[4], []], ([x], [twice, total]) => {
          total[0] = 0;
          for (let i = 0; i < x.length; i++) {
            twice[i] = 2 * x[i];
            total[0] += x[i];
          }
        });
        assert.deepEqual(doubled.arraySync(), [2, 4, 6, 8]);
        assert.equal(sum.arraySync(), 10);
        assert.deepEqual(tf.add(doubled, 1).arraySync(), [3, 5, 7, 9]);
      });
      assert.equal(tf.memory().numTensors, before);
    });

    it('gives valid views when memory has to grow for the outputs', () => {
      tf.tidy(() => {
        const input = tf.fill([1000], 3);
        for (let i = 0; i < 6; i++) {
          const [large] = hostLoop([input], [[3_000_000]], ([x], [y]) => {
            assert.equal(x.length, 1000);
            y.fill(x[999]);
          });
          assert.equal(tf.max(large).arraySync(), 3);
        }
      });
    });

    it('reads tensors that were made on another backend', async () => {
      await selectBackend(backend === 'cpu' ? 'graphnad' : 'cpu');
      const foreign = tf.tensor1d([5, 6]);
      await selectBackend(backend);
      const [copy] = hostLoop([foreign], [[2]], ([x], [y]) => y.set(x));
      assert.deepEqual(copy.arraySync(), [5, 6]);
      tf.dispose([foreign, copy]);
    });
  });
}

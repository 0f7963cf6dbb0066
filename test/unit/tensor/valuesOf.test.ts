import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../../../server/src/tensor/backend';
import { valuesOf } from '../../../server/src/tensor/valuesOf';
import { testedBackends } from '../../support/backends';

for (const backend of testedBackends) {
  describe(`valuesOf on ${backend}`, () => {
    before(() => selectBackend(backend));

    it('gives the values of a tensor', () => {
      tf.tidy(() => assert.deepEqual([...valuesOf(tf.tensor2d([1, 2, 3, 4], [2, 2]))], [1, 2, 3, 4]));
    });

    it('gives views that stay valid when memory grows', () => {
      tf.tidy(() => {
        const values = valuesOf(tf.fill([1000], 3));
        tf.zeros([20_000_000]);
        assert.equal(values[999], 3);
      });
    });
  });
}

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../../../server/src/tensor/backend';
import { columnSums, repeatRow } from '../../../server/src/tensor/rows';
import { testedBackends } from '../../support/backends';

for (const backend of testedBackends) {
  describe(`rows on ${backend}`, () => {
    before(() => selectBackend(backend));

    it('repeats a row any number of times', () => {
      for (const rows of [0, 1, 2, 3, 7, 8, 100]) {
        const repeated = tf.tidy(() => repeatRow(Float32Array.of(1, -2, 3), rows).arraySync());
        assert.deepEqual(
          repeated,
          Array.from({ length: rows }, () => [1, -2, 3]),
        );
      }
    });

    it('sums columns', () => {
      const matrix = [
        [1, 2],
        [30, 40],
        [500, 600],
      ];
      assert.deepEqual(
        tf.tidy(() => columnSums(tf.tensor2d(matrix)).arraySync()),
        [531, 642],
      );
    });
  });
}

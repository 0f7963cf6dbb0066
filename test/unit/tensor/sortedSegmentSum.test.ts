import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../../../server/src/tensor/backend';
import { sortedSegmentSum } from '../../../server/src/tensor/sortedSegmentSum';
import { testedBackends } from '../../support/backends';

for (const backend of testedBackends) {
  describe(`sortedSegmentSum on ${backend}`, () => {
    before(() => selectBackend(backend));

    const cases: readonly [segments: number[], count: number, sums: number[]][] = [
      [[0, 0, 1], 2, [4, 6, 5, 6]],
      [[0, 2, 2], 3, [1, 2, 0, 0, 8, 10]],
      [[1, 1, 1], 4, [0, 0, 9, 12, 0, 0, 0, 0]],
    ];
    for (const [segments, count, sums] of cases) {
      it(`sums rows into segments ${segments.join(', ')} of ${count}`, () => {
        const before = tf.memory().numTensors;
        const result = tf.tidy(() => {
          const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
          const sum = sortedSegmentSum(x, Int32Array.from(segments), count);
          assert.deepEqual(sum.shape, [count, 2]);
          return Array.from(sum.dataSync());
        });
        assert.deepEqual(result, sums);
        assert.equal(tf.memory().numTensors, before);
      });
    }
  });
}

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { sortColumns } from '../../../server/src/tensor/sortColumns';

describe('sortColumns', () => {
  before(() => tf.setBackend('cpu'));

  it('sorts every column of every matrix and sends gradients back to where values came from', () => {
    const shape = fc.tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 17 }),
      fc.integer({ min: 1, max: 4 }),
    );
    const cases = shape.chain(([count, rows, columns]) =>
      fc.record({
        shape: fc.constant([count, rows, columns] as [number, number, number]),
        // Few distinct values, so that ties are common.
        values: fc.array(fc.integer({ min: -4, max: 4 }), {
          minLength: count * rows * columns,
          maxLength: count * rows * columns,
        }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ shape: [count, rows, columns], values }) => {
        tf.tidy(() => {
          const input = tf.tensor3d(values, [count, rows, columns], 'float32');
          const weights = Float32Array.from(values, (_, i) => i + 1);
          const upstream = tf.tensor3d(weights, input.shape);
          const sorted = sortColumns(input).dataSync();
          const gradient = tf
            .grads((x: tf.Tensor) => sortColumns(x as tf.Tensor3D))([input], upstream)[0]
            .dataSync();
          for (let m = 0; m < count; m++) {
            for (let c = 0; c < columns; c++) {
              const at = (r: number): number => (m * rows + r) * columns + c;
              const order = Array.from({ length: rows }, (_, r) => r).sort((a, b) => values[at(a)] - values[at(b)]);
              order.forEach((from, to) => {
                assert.equal(sorted[at(to)], values[at(from)]);
                assert.equal(gradient[at(from)], weights[at(to)]);
              });
            }
          }
        });
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  it('leaves no tensors behind', () => {
    const input = tf.tensor3d([3, 1, 2], [1, 3, 1]);
    const before = tf.memory().numTensors;
    sortColumns(input).dispose();
    assert.equal(tf.memory().numTensors, before);
    input.dispose();
  });
});

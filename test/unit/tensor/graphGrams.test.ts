import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import { Rng } from '../../../server/src/graph/rng';
import { graphGrams } from '../../../server/src/tensor/graphGrams';
import { assertGradient } from './finiteDifferences';

const nodeOffsets = Int32Array.of(0, 3, 4, 9);

function random(shape: [number, number], seed: number): tf.Tensor2D {
  const rng = new Rng(seed);
  const values = Array.from({ length: shape[0] * shape[1] }, () => Math.max(0, rng.normal()));
  return tf.tensor2d(values, shape);
}

describe('graphGrams', () => {
  before(() => tf.setBackend('cpu'));

  it('equals matrix products of the rows of each graph', () => {
    const left = random([9, 4], 1);
    const right = random([9, 3], 2);
    const chosen = Int32Array.of(2, 0, 1);
    const result = graphGrams(left, right, nodeOffsets, chosen);
    chosen.forEach((g, b) => {
      const start = nodeOffsets[g];
      const size = nodeOffsets[g + 1] - start;
      const product = tf.matMul(tf.slice(left, [start, 0], [size, 4]), tf.slice(right, [start, 0], [size, 3]), true);
      const expected = tf.div(product, size).dataSync();
      const actual = tf.slice(result, [b, 0, 0], [1, 4, 3]).dataSync();
      actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-6));
    });
  });

  it('has the gradient of its values, for both inputs and only the chosen graphs', () => {
    const left = random([9, 4], 3);
    const right = random([9, 3], 4);
    const chosen = Int32Array.of(2, 0);
    const mix = tf.tensor3d(
      Array.from({ length: 24 }, (_, i) => Math.sin(i)),
      [2, 4, 3],
    );
    const value = (l: tf.Tensor2D, r: tf.Tensor2D): tf.Scalar =>
      tf.sum(tf.mul(tf.square(graphGrams(l, r, nodeOffsets, chosen)), mix));
    assertGradient((x) => value(x as tf.Tensor2D, right), left);
    assertGradient((x) => value(left, x as tf.Tensor2D), right);
  });
});

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../../../server/src/tensor/backend';
import { withGradient } from '../../../server/src/tensor/withGradient';

describe('withGradient', () => {
  before(() => selectBackend('cpu'));

  const cube = (x: tf.Tensor, y: tf.Tensor): tf.Tensor =>
    withGradient([x, y], () => ({
      value: tf.mul(tf.pow(x, 3), y),
      saved: [x, y],
      gradient: (dy, [a, b]) => [tf.mul(dy, tf.mul(tf.mul(3, tf.square(a)), b)), tf.mul(dy, tf.pow(a, 3))],
    }));

  it('passes each input its gradient', () => {
    tf.tidy(() => {
      const gradients = tf.grads((x, y) => tf.sum(cube(x, y)))([tf.tensor1d([1, 2]), tf.tensor1d([10, 100])]);
      assert.deepEqual(
        gradients.map((gradient) => gradient.arraySync()),
        [
          [30, 1200],
          [1, 8],
        ],
      );
    });
  });

  it('keeps variables as they are, and gives copies of the rest back', () => {
    const weight = tf.variable(tf.tensor1d([10, 100]));
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      let kept: readonly tf.Tensor[] = [];
      const product = (x: tf.Tensor): tf.Tensor =>
        withGradient([x, weight], () => ({
          value: tf.mul(x, weight),
          saved: [weight, x],
          gradient: (dy, saved) => {
            kept = saved;
            return [tf.mul(dy, saved[0]), tf.mul(dy, saved[1])];
          },
        }));
      const { grads } = tf.variableGrads(() => tf.sum(product(tf.tensor1d([1, 2]))), [weight]);
      assert.deepEqual([...grads[weight.name].dataSync()], [1, 2]);
      assert.equal(kept[0], weight);
    });
    assert.equal(tf.memory().numTensors, before);
    weight.dispose();
  });

  it('keeps nothing when no gradient is recorded', () => {
    const before = tf.memory().numTensors;
    const x = tf.scalar(2);
    const value = cube(x, x);
    assert.ok(Math.abs(value.dataSync()[0] - 16) < 1e-5);
    tf.dispose([x, value]);
    assert.equal(tf.memory().numTensors, before);
  });
});

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { Adam } from '../../../server/src/tensor/adam';
import { selectBackend } from '../../../server/src/tensor/backend';
import { assertClose } from '../defense/assertClose';

for (const backend of ['cpu', 'graphnad'] as const) {
  describe(`Adam on ${backend}`, () => {
    before(() => selectBackend(backend));

    it('takes the steps of PyTorch', () => {
      // torch.optim.Adam([w], lr=0.1) on w = [1, -2, 0.5] with gradients [0.3, -4, 0], then [-1, 2, 0.01].
      const weights = tf.variable(tf.tensor1d([1, -2, 0.5]));
      const optimizer = new Adam([weights]);
      for (const values of [
        [0.3, -4, 0],
        [-1, 2, 0.01],
      ]) {
        const gradient = tf.tensor1d(values);
        optimizer.step([gradient], 0.1);
        gradient.dispose();
      }
      assertClose(weights.dataSync(), [0.9520331789188332, -1.8733662963681956, 0.42558642285367937], 'weights', 1e-6);
      weights.dispose();
    });

    it('clips by the norm of all gradients together and leaks nothing', () => {
      const initial = [tf.tensor1d([1, 2]), tf.tensor2d([[3]])];
      const clipped = initial.map((tensor) => tf.variable(tensor));
      const small = initial.map((tensor) => tf.variable(tensor));
      const gradients = [tf.tensor1d([30, 0]), tf.tensor2d([[40]])];
      const scaled = gradients.map((gradient) => tf.div(gradient, 10));
      const tensors = tf.memory().numTensors;
      // A large epsilon makes the step depend on the size of the gradient.
      new Adam(clipped, { epsilon: 1 }).step(gradients, 0.1, 5);
      new Adam(small, { epsilon: 1 }).step(scaled, 0.1);
      assert.equal(tf.memory().numTensors, tensors);
      clipped.forEach((variable, i) => assertClose(variable.dataSync(), small[i].dataSync(), 'clipped'));
      tf.dispose([...initial, ...clipped, ...small, ...gradients, ...scaled]);
    });
  });
}

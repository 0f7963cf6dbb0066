import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../../../server/src/graph/rng';
import { Adam } from '../../../server/src/tensor/adam';
import { selectBackend, type Backend } from '../../../server/src/tensor/backend';
import { engineInUse } from '../../../server/src/tensor/engine/graphnadBackend';
import { assertClose } from '../defense/assertClose';
import { testedBackends } from '../../support/backends';

for (const backend of testedBackends) {
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
      optimizer.dispose();
    });

    it('clips by the norm of all gradients together', () => {
      const initial = [tf.tensor1d([1, 2]), tf.tensor2d([[3]])];
      const clipped = initial.map((tensor) => tf.variable(tensor));
      const small = initial.map((tensor) => tf.variable(tensor));
      const gradients = [tf.tensor1d([30, 0]), tf.tensor2d([[40]])];
      const scaled = gradients.map((gradient) => tf.div(gradient, 10));
      // A large epsilon makes the step depend on the size of the gradient.
      const optimizers = [new Adam(clipped, { epsilon: 1 }), new Adam(small, { epsilon: 1 })];
      optimizers[0].step(gradients, 0.1, 5);
      optimizers[1].step(scaled, 0.1);
      clipped.forEach((variable, i) => assertClose(variable.dataSync(), small[i].dataSync(), 'clipped'));
      optimizers.forEach((optimizer) => optimizer.dispose());
      tf.dispose([...initial, ...clipped, ...small, ...gradients, ...scaled]);
    });

    it('leaves alone what shares its values with a variable', () => {
      tf.tidy(() => {
        const initial = tf.tensor1d([1, 2, 3]);
        const variable = tf.variable(initial);
        const earlier = tf.reshape(variable, [3, 1]);
        const optimizer = new Adam([variable]);
        optimizer.step([tf.tensor1d([1, 1, 1])], 0.5);
        const later = tf.clone(variable);
        optimizer.step([tf.tensor1d([1, 1, 1])], 0.5);
        assertClose(initial.dataSync(), [1, 2, 3], 'initial');
        assertClose(earlier.dataSync(), [1, 2, 3], 'earlier');
        assertClose(later.dataSync(), [0.5, 1.5, 2.5], 'later');
        assertClose(variable.dataSync(), [0, 1, 2], 'variable');
        optimizer.dispose();
        variable.dispose();
      });
    });

    it('takes the same steps as the composition of standard operations, and gives back all memory', async () => {
      for (const sizes of [[1], [3, 4, 0, 17], [4097, 64, 9000]]) {
        const own = await trained(backend, sizes);
        const composed = await trained('cpu', sizes);
        own.forEach((values, i) => assertClose(values, composed[i], `variable ${i} of sizes ${sizes.join()}`, 2e-6));
      }
    });
  });
}

/** Variables after steps along random gradients, some of them clipped. */
async function trained(backend: Backend, sizes: readonly number[]): Promise<Float32Array[]> {
  await selectBackend(backend);
  const before = inUse();
  const rng = new Rng(1);
  const random = (size: number): tf.Tensor1D => tf.tensor1d(Float32Array.from({ length: size }, () => rng.normal()));
  const variables = tf.tidy(() => sizes.map((size) => tf.variable(random(size))));
  const optimizer = new Adam(variables);
  for (let step = 0; step < 5; step++) {
    tf.tidy(() => optimizer.step(sizes.map(random), 0.01, step % 2 === 0 ? 1 : undefined));
  }
  const values = variables.map((variable) => variable.dataSync<'float32'>().slice());
  optimizer.dispose();
  tf.dispose(variables);
  assert.deepEqual(inUse(), before);
  return values;
}

function inUse(): { tensors: number; bytes: number | undefined } {
  return { tensors: tf.memory().numTensors, bytes: engineInUse()?.memoryPool.bytesInUse };
}

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../../../server/src/tensor/backend';
import { boundGradient, columnSums, denseLayer, shiftRelu } from '../../../server/src/tensor/dense';
import { engineInUse, type GraphnadBackend } from '../../../server/src/tensor/engine/graphnadBackend';

describe('steps of dense layers', () => {
  let engine: GraphnadBackend;
  before(async () => {
    await selectBackend('graphnad');
    engine = engineInUse() as GraphnadBackend;
  });

  function values(step: () => tf.Tensor): number[] {
    return [...tf.tidy(() => step().dataSync())];
  }

  it('multiply, add the bias, cut off below and above', () => {
    const layer = (options: Parameters<typeof denseLayer>[3]): number[] =>
      values(() => denseLayer(engine, tf.tensor2d([[1, -1]]), tf.tensor2d([[5, 1, 2], [1, 3, 0]]), options)); // prettier-ignore
    assert.deepEqual(layer({}), [4, -2, 2]);
    assert.deepEqual(layer({ relu: true, upper: Float32Array.of(3, 3, 3) }), [3, 0, 2]);
    const withBias = values(() =>
      denseLayer(engine, tf.tensor2d([[1]]), tf.tensor2d([[2]]), { bias: tf.tensor1d([0.5]) }),
    );
    assert.deepEqual(withBias, [2.5]);
  });

  it('shift, cut off below and above', () => {
    const step = (): tf.Tensor =>
      shiftRelu(
        engine,
        tf.tensor2d([[1, 2, 3], [-1, -2, -3]]), // prettier-ignore
        tf.tensor1d([0.5, 3, 4]),
        Float32Array.of(9, 9, 5),
      );
    assert.deepEqual(values(step), [1.5, 5, 5, 0, 1, 1]);
  });

  it('pass the gradient only within the bounds', () => {
    const y = [-1, 0, 1, 2, 3, NaN];
    const step = (options: Parameters<typeof boundGradient>[3]): number[] =>
      values(() => boundGradient(engine, tf.ones([1, 6]), tf.tensor2d([y]), options));
    const upper = new Float32Array(6).fill(2);
    assert.deepEqual(step({ relu: true }), [0, 0, 1, 1, 1, 0]);
    assert.deepEqual(step({ relu: true, upper }), [0, 0, 1, 0, 0, 0]);
    assert.deepEqual(step({ upper }), [1, 1, 1, 0, 0, 0]);
  });

  it('sum columns, of no rows too', () => {
    assert.deepEqual(
      values(() => columnSums(engine, tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]))),
      [5, 7, 9],
    );
    assert.deepEqual(
      values(() => columnSums(engine, tf.zeros([0, 2]))),
      [0, 0],
    );
  });
});

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { scoreOf } from '../../../../server/src/gnn/plan/score';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { linearTensors } from '../../../support/usualPlans';

describe('scoreOf', () => {
  const weights = { shape: [1, 3], values: Float32Array.of(1, 2, 3) };
  const shift = { shape: [1], values: Float32Array.of(4) };
  before(() => selectBackend('cpu'));

  it('makes one score the scores of two classes, and one score again', () => {
    const spec = scoreOf(linearTensors('score', 3, 1));
    const { weight, bias } = spec.make([weights, shift]);
    assert.deepEqual([...weight.dataSync()], [0, 1, 0, 2, 0, 3]);
    assert.deepEqual([...bias.dataSync()], [0, 4]);
    assert.deepEqual(spec.read({ weight, bias }), [weights, shift]);
    // Training moves both classes.
    weight.assign(tf.tensor2d([1, 5, 2, 5, 3, 5], [3, 2]));
    assert.deepEqual([...spec.read({ weight, bias })[0].values], [4, 3, 2]);
    tf.dispose(spec.variables({ weight, bias }));
  });

  it('does without a bias', () => {
    const spec = scoreOf({ ...linearTensors('score', 3, 1), bias: undefined });
    const layer = spec.make([weights]);
    assert.deepEqual([...layer.bias.dataSync()], [0, 0]);
    assert.deepEqual(spec.read(layer), [weights]);
    tf.dispose(spec.variables(layer));
  });
});

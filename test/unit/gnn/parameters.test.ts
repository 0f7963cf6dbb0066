import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { linearValues, linearVariables } from '../../../server/src/gnn/parameters';
import { selectBackend } from '../../../server/src/tensor/backend';

describe('linearVariables', () => {
  before(() => selectBackend('cpu'));

  const plain = { outputs: 2, inputs: 3, weight: Float32Array.of(1, 2, 3, 4, 5, 6), bias: Float32Array.of(7, 8) };
  const norm = {
    gamma: Float32Array.of(1, 2),
    beta: Float32Array.of(3, 4),
    mean: Float32Array.of(5, 6),
    variance: Float32Array.of(7, 8),
  };

  it("turns PyTorch's weights around, so that they multiply from the right", () => {
    const { weight, bias, norm: none } = linearVariables(plain);
    assert.deepEqual(weight.arraySync(), [
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    assert.equal(none, undefined);
    tf.dispose([weight, bias]);
  });

  it('gives the same values back, and shares none of them', () => {
    const variables = linearVariables({ ...plain, norm });
    assert.deepEqual(linearValues(variables), { ...plain, norm });
    norm.mean[0] = 100;
    assert.equal(variables.norm?.running.mean[0], 5);
    tf.dispose([variables.weight, variables.bias, variables.norm?.gamma ?? [], variables.norm?.beta ?? []]);
  });
});

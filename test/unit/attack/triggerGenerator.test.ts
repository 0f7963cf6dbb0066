import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { TriggerGenerator } from '../../../server/src/attack/triggerGenerator';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';

const shape = { nodes: 4, inputs: 6, labelColumns: 3 };
const context = Float32Array.from({ length: 5 * 4 * 6 }, (_, i) => Math.sin(i));
const generated = (generator: TriggerGenerator): { adjacency: number[][][]; labels?: number[][] } =>
  tf.tidy(() => {
    const { adjacency, labels } = generator.generate(tf.tensor2d(context, [20, 6]));
    return { adjacency: adjacency.arraySync(), ...(labels && { labels: labels.arraySync() }) };
  });

describe('TriggerGenerator', () => {
  before(() => selectBackend('graphnad'));

  it('makes simple graphs and one-hot labels', () => {
    const generator = TriggerGenerator.random(shape, new Rng(1));
    const { adjacency, labels } = generated(generator);
    assert.equal(adjacency.length, 5);
    for (const matrix of adjacency) {
      matrix.forEach((row, i) =>
        row.forEach((edge, j) => {
          assert.ok(edge === 0 || edge === 1);
          assert.equal(edge, matrix[j][i]);
          if (i === j) assert.equal(edge, 0);
        }),
      );
    }
    assert.equal(labels?.length, 20);
    for (const row of labels ?? []) assert.deepEqual([...row].sort(), [0, 0, 1]);
    generator.dispose();
    const without = TriggerGenerator.random({ ...shape, labelColumns: 0 }, new Rng(1));
    assert.equal(generated(without).labels, undefined);
    without.dispose();
  });

  it('passes gradients through the rounding to all its parameters', () => {
    const generator = TriggerGenerator.random(shape, new Rng(1));
    tf.tidy(() => {
      const weights = tf.tensor2d(
        Float32Array.from({ length: 60 }, (_, i) => Math.cos(i)),
        [20, 3],
      );
      const { grads } = tf.variableGrads(() => {
        const { adjacency, labels } = generator.generate(tf.tensor2d(context, [20, 6]));
        assert.ok(labels !== undefined);
        return tf.add<tf.Scalar>(tf.sum(adjacency), tf.sum(tf.mul(labels, weights)));
      }, [...generator.variables]);
      for (const variable of generator.variables) {
        assert.deepEqual(grads[variable.name].shape, variable.shape);
        assert.ok(grads[variable.name].dataSync().some((slope) => slope !== 0));
      }
    });
    generator.dispose();
  });

  it('is made again from what is kept of it', () => {
    const tensors = tf.memory().numTensors;
    const generator = TriggerGenerator.random(shape, new Rng(1));
    const expected = generated(generator);
    const kept = generator.keep();
    generator.dispose();
    const again = kept();
    assert.deepEqual(generated(again), expected);
    again.dispose();
    assert.equal(tf.memory().numTensors, tensors);
  });
});

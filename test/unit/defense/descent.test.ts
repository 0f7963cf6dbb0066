import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import {
  Descent,
  requireFiniteWeights,
  TrainingDivergedError,
  WeightAverage,
} from '../../../server/src/defense/descent';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { assertClose } from './assertClose';

const options = { steps: 30, learningRate: 0.05, finalLearningRate: 0.05, gradientNorm: 5 };

function tinyModel(): GraphModel {
  return GraphModel.random(
    { kind: 'gin', layers: 1, hidden: 2, inputs: 2, classes: 2, readout: 'sum', batchNorm: true, eps: [0] },
    new Rng(1),
  );
}

/** Squared distance of the output weights from 1. */
function distance(model: GraphModel): tf.Scalar {
  return tf.tidy(() => tf.sum<tf.Scalar>(tf.square(tf.sub(model.reader.weight, 1))));
}

describe('Descent', () => {
  before(() => selectBackend('graphnad'));

  it('goes downhill, leaves variables without a gradient alone, and leaks nothing', () => {
    const model = tinyModel();
    const tensors = tf.memory().numTensors;
    const others = model.trainable().slice(0, -2);
    const kept = others.map((variable) => [...variable.dataSync()]);
    const descent = new Descent(model, options);
    const first = distance(model).dataSync()[0];
    for (let i = 0; i < 30; i++) descent.step(() => [{ name: 'distance', weight: 2, value: distance(model) }]);
    const last = distance(model).dataSync()[0];
    assert.ok(last < first / 5, `${first} -> ${last}`);
    assert.deepEqual(
      others.map((variable) => [...variable.dataSync()]),
      kept,
    );
    assert.equal(tf.memory().numTensors - tensors, 2); // the two distances read above
    descent.dispose();
    model.dispose();
  });

  it('reports the mean of each term over the steps that had it, unweighted, and starts anew', () => {
    const model = tinyModel();
    const descent = new Descent(model, { ...options, learningRate: 0 });
    const term = (name: string, value: number): { name: string; weight: number; value: tf.Scalar } => ({
      name,
      weight: 7,
      value: tf.add(tf.mul(distance(model), 0), value),
    });
    descent.step(() => [term('a', 1), term('b', 5)]);
    descent.step(() => [term('a', 3)]);
    assert.deepEqual(descent.takeMeans(), { a: 2, b: 5 });
    assert.deepEqual(descent.takeMeans(), {});
    descent.dispose();
    model.dispose();
  });
});

describe('divergence', () => {
  before(() => selectBackend('graphnad'));

  it('is an error that leaves the weights as they were', () => {
    const model = tinyModel();
    const before = [...model.reader.weight.dataSync()];
    const tensors = tf.memory().numTensors;
    const descent = new Descent(model, options);
    const step = (): void => descent.step(() => [{ name: 'a', weight: 1, value: tf.div(distance(model), 0) }]);
    assert.throws(step, TrainingDivergedError);
    descent.dispose();
    assert.deepEqual([...model.reader.weight.dataSync()], before);
    assert.equal(tf.memory().numTensors, tensors);
    requireFiniteWeights(model);
    model.dispose();
  });

  it('is found in weights, by tensor name', () => {
    const model = tinyModel();
    const bias = model.trainable().at(-1);
    assert.ok(bias);
    bias.assign(tf.tensor1d([0, Number.NaN]));
    assert.throws(() => requireFiniteWeights(model), /lin\.bias is not a finite number/);
    model.dispose();
  });
});

describe('WeightAverage', () => {
  before(() => selectBackend('graphnad'));

  it('replaces weights by the mean of those added, or leaves them where none were', () => {
    const model = tinyModel();
    const average = new WeightAverage(model);
    const weight = model.trainable().at(-2);
    assert.ok(weight);
    const initial = [...weight.dataSync()];
    average.apply();
    assertClose(weight.dataSync(), initial, 'unchanged');
    average.add();
    weight.assign(tf.add(weight, 1));
    average.add();
    weight.assign(tf.add(weight, 100));
    average.apply();
    assertClose(
      weight.dataSync(),
      initial.map((value) => value + 0.5),
      'mean',
    );
    model.dispose();
  });
});

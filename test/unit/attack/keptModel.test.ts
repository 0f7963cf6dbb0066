import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { modelKinds, readouts } from '../../../protocol/model';
import { keepModel } from '../../../server/src/attack/keptModel';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { predictLogits } from '../../../server/src/gnn/predict';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { attackData, smallArchitecture } from '../../support/attacks';

describe('keepModel', () => {
  before(() => selectBackend('graphnad'));

  for (const kind of modelKinds) {
    it(`makes ${kind} again after it was disposed`, () => {
      const data = attackData(20);
      const tensors = tf.memory().numTensors;
      for (const readout of readouts) {
        const heads = kind.startsWith('gat') ? { heads: 4 } : {};
        const model = GraphModel.random({ ...smallArchitecture(data, kind), ...heads, readout }, new Rng(3));
        const expected = predictLogits(model, data.test, data.layout);
        const kept = keepModel(model);
        model.dispose();
        const again = kept();
        assert.deepEqual(predictLogits(again, data.test, data.layout), expected);
        again.dispose();
      }
      assert.equal(tf.memory().numTensors, tensors);
    });
  }
});

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { argmaxRows, predictLogits } from '../../../server/src/gnn/predict';
import { graphAttention } from '../../../server/src/scan/graphAttention';
import { selectBackend } from '../../../server/src/tensor/backend';
import { cleanGraphs, countingModel, layout } from './handMade';

describe('graphAttention', () => {
  before(() => selectBackend('graphnad'));

  it('gives each graph its own attention, of unit norm, and its class, whatever it is batched with', () => {
    const model = countingModel(0);
    const graphs = cleanGraphs(300);
    const tensors = tf.memory().numTensors;
    const together = [...graphAttention(model, graphs, layout)];
    assert.equal(tf.memory().numTensors, tensors);
    assert.equal(together.length, graphs.length);
    assert.deepEqual(
      together.map(({ predicted }) => predicted),
      [...argmaxRows(predictLogits(model, graphs, layout), model.architecture.classes)],
    );
    for (const g of [0, 255, 256, 299]) {
      const [alone] = graphAttention(model, [graphs[g]], layout);
      together[g].layers.forEach((attention, layer) => {
        assert.equal(attention.length, graphs[g].nodeCount);
        assert.ok(Math.abs(Math.hypot(...attention) - 1) < 1e-5);
        attention.forEach((value, node) => assert.ok(Math.abs(value - alone.layers[layer][node]) < 1e-5));
      });
    }
    model.dispose();
  });

  it('follows the options', () => {
    const model = countingModel(0);
    const [graph] = cleanGraphs(1);
    const [usual] = graphAttention(model, [graph], layout);
    const [other] = graphAttention(model, [graph], layout, { power: 4, weighting: 'none' });
    assert.notDeepEqual([...usual.layers[1]], [...other.layers[1]]);
    model.dispose();
  });
});

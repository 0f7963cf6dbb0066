import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { injectTrigger } from '../../../server/src/attack/inject';
import { Rng } from '../../../server/src/graph/rng';
import { attentionConcentration, concentration, largestRise } from '../../../server/src/scan/attentionConcentration';
import { selectBackend } from '../../../server/src/tensor/backend';
import { cleanGraphs, countingModel, layout } from './handMade';

describe('attention concentration', () => {
  before(() => selectBackend('cpu'));

  it('is the share of the top 5% of nodes, at least one', () => {
    assert.equal(concentration([1, 3]), 0.75);
    assert.equal(concentration([7]), 1);
    assert.equal(concentration(new Float32Array(10).fill(1)), 0.1);
    assert.equal(concentration(new Float32Array(40).fill(1)), 2 / 40);
    assert.equal(concentration([0, 0]), 0);
  });

  it('is compared in the layer where a trigger raises it most', () => {
    const layers = [
      { layer: 1, clean: 0.5, triggered: 0.6 },
      { layer: 2, clean: 0.1, triggered: 0.3 },
    ];
    const { layer, rise } = largestRise(layers);
    assert.equal(layer, layers[1]);
    assert.ok(Math.abs(rise - 3) < 1e-12);
    assert.equal(largestRise([{ layer: 1, clean: 0, triggered: 0 }]).rise, 0);
  });

  it('rises where a trigger draws the attention', () => {
    const model = countingModel(0);
    const graphs = cleanGraphs(6);
    const star = [1, 2, 3, 4, 5, 6].map((leaf) => [0, leaf] as const);
    const trigger = { nodes: 7, edges: star, labels: null, placement: 'degree', replace: false } as const;
    const rng = new Rng(0);
    const triggered = graphs.map((graph) => injectTrigger(graph, trigger, rng));
    const before = tf.memory().numTensors;
    const layers = attentionConcentration(model, graphs, triggered, layout);
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(
      layers.map(({ layer }) => layer),
      [1, 2],
    );
    for (const { clean, triggered: after } of layers) assert.ok(clean > 0 && clean < 1 && after > clean && after <= 1);
    model.dispose();
  });
});

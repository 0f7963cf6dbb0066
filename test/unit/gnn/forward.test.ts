import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { collate } from '../../../server/src/graph/batch';
import type { Bounds, Site } from '../../../server/src/gnn/forward';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { recogniseArchitecture } from '../../../server/src/gnn/recognise';
import { selectBackend } from '../../../server/src/tensor/backend';
import { testedBackends } from '../../support/backends';
import { boundsFixture } from '../../support/boundsFixture';
import { layerRows, nodeValues } from '../../support/layers';
import { numericBatch, numericGraphs, numericLayout, numericTensors } from '../../support/numericFixture';
import { assertClose } from '../defense/assertClose';

const tensors = numericTensors('student');

for (const backend of testedBackends) {
  describe(`forward on ${backend}`, () => {
    before(() => selectBackend(backend));

    for (const readout of ['sum', 'mean'] as const) {
      it(`has the logits of PyTorch with ${readout} readout: plain, within bounds, with bounded contributions`, () => {
        const model = GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors, { readout }));
        const logits = (bounds?: Bounds): Float32Array =>
          tf.tidy(() => model.forward(numericBatch(), { bounds }).logits.dataSync<'float32'>());
        const { layers, contributions } = boundsFixture.asBounds;
        assertClose(logits(), boundsFixture.logits[readout].flat(), 'plain');
        assertClose(logits({ layers }), boundsFixture.boundedLogits[readout].flat(), 'bounded');
        assertClose(
          logits({ layers, contributions }),
          boundsFixture.contributionBoundedLogits[readout].flat(),
          'contributions bounded',
        );
        model.dispose();
      });
    }
  });
}

describe('forward', () => {
  let model: GraphModel;
  before(async () => {
    await selectBackend('graphnad');
    model = GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors));
  });
  after(() => model.dispose());

  it('records every site of every layer in order, within bounds, and leaks nothing', () => {
    const before = tf.memory().numTensors;
    const seen: [Site, number, Float32Array][] = [];
    const bounds = { layers: boundsFixture.asBounds.layers };
    const { logits, layers } = model.forward(numericBatch(), {
      bounds,
      record: (site, layer, activations) => seen.push([site, layer, activations.dataSync<'float32'>()]),
    });
    assert.deepEqual(
      seen.map(([site, layer]) => `${layer} ${site}`),
      [0, 1, 2].flatMap((layer) => [`${layer} aggregated`, `${layer} hidden`, `${layer} output`]),
    );
    layers.forEach((layer, i) => {
      assert.deepEqual(seen[3 * i + 2][2], layer.rows.dataSync());
      assertClose(nodeValues(layer), boundsFixture.boundedLayers[i].flat(), `layer ${i}`);
    });
    for (const [site, layer, values] of seen) {
      const limit = bounds.layers[layer][site];
      assert.ok(limit && values.every((value, k) => value <= limit[k % limit.length] + 1e-6));
    }
    tf.dispose([logits, ...layerRows(layers)]);
    assert.equal(tf.memory().numTensors, before);
  });

  it('gives the same for a batch that was seen before', () => {
    const batch = numericBatch();
    const first = tf.tidy(() => model.forward(batch).logits.dataSync());
    const second = tf.tidy(() => model.forward(batch).logits.dataSync());
    assert.deepEqual(second, first);
  });

  it('refuses bounds of contributions that nobody makes one by one', () => {
    const max = GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors, { readout: 'max' }));
    const contributions = { low: new Float32Array(2), high: new Float32Array(2) };
    assert.throws(() => max.forward(numericBatch(), { bounds: { layers: [], contributions } }), RangeError);
    max.dispose();
  });

  it('refuses features of another width, and bounds in training', () => {
    const narrow = collate(numericGraphs, { ...numericLayout, kind: 'constant', width: 1 });
    assert.throws(() => model.forward(narrow), /the model takes 3 features a node, the graphs have 1/);
    assert.throws(() => model.forward(numericBatch(), { training: true, bounds: { layers: [] } }), RangeError);
  });
});

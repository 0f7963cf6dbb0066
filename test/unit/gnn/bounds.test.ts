import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { measureBounds } from '../../../server/src/gnn/bounds';
import { collate } from '../../../server/src/graph/batch';
import type { Site } from '../../../server/src/gnn/forward';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { recogniseArchitecture } from '../../../server/src/gnn/recognise';
import { selectBackend } from '../../../server/src/tensor/backend';
import { boundsFixture } from '../../support/boundsFixture';
import { numericGraphs, numericLayout, numericTensors } from '../../support/numericFixture';
import { pytorchGraphs, pytorchLayout, pytorchModels, pytorchTensors } from '../../support/pytorchModels';
import { assertClose } from '../defense/assertClose';

describe('measureBounds', () => {
  let model: GraphModel;
  before(async () => {
    await selectBackend('graphnad');
    const tensors = numericTensors('student');
    model = GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors));
  });
  after(() => model.dispose());

  it('has the quantiles of PyTorch, contributions measured with the bounds in force', () => {
    const before = tf.memory().numTensors;
    const { layers, contributions } = measureBounds(model, numericGraphs, numericLayout, {
      quantile: boundsFixture.quantile,
      contributions: boundsFixture.contributionQuantiles,
    });
    const expected = boundsFixture.asBounds;
    assert.equal(layers.length, expected.layers.length);
    layers.forEach((layer, i) => {
      for (const site of ['aggregated', 'hidden', 'output'] as const satisfies readonly Site[]) {
        assertClose(layer[site] ?? [], expected.layers[i][site] ?? [], `layer ${i} ${site}`);
      }
    });
    assertClose(contributions?.low ?? [], expected.contributions.low, 'low');
    assertClose(contributions?.high ?? [], expected.contributions.high, 'high');
    assert.equal(tf.memory().numTensors, before);
  });

  it('takes the maximum at quantile 1, at the chosen sites only', () => {
    const { layers, contributions } = measureBounds(model, numericGraphs, numericLayout, {
      quantile: 1,
      sites: ['aggregated'],
    });
    assert.deepEqual(Object.keys(layers[0]), ['aggregated']);
    assert.equal(contributions, undefined);
    // Largest sums of one-hot labels over a node and its neighbours, column by column.
    assert.deepEqual([...(layers[0].aggregated ?? [])], [2, 2, 1]);
  });

  it('bounds what each kind of layer has, and contributions where the readout is a sum of them', () => {
    const before = tf.memory().numTensors;
    for (const { file, architecture } of pytorchModels) {
      const tensors = pytorchTensors(file);
      const own = GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors, { readout: architecture.readout }));
      const bounds = measureBounds(own, pytorchGraphs, pytorchLayout, { contributions: [0.05, 0.95], quantile: 0.9 });
      assert.deepEqual(Object.keys(bounds.layers[0]), [...own.sites], file);
      assert.equal(bounds.contributions === undefined, architecture.readout === 'max', file);
      const recorded: string[] = [];
      tf.tidy(() => {
        own.forward(collate(pytorchGraphs, pytorchLayout), {
          bounds,
          record: (site, layer, activations) => {
            const limit = bounds.layers[layer][site] ?? [];
            assert.equal(activations.shape[1], limit.length);
            assert.ok(activations.dataSync<'float32'>().every((value, k) => value <= limit[k % limit.length] + 1e-6));
            recorded.push(`${layer} ${site}`);
          },
        });
      });
      const sites = Array.from({ length: architecture.layers }, (_, layer) =>
        own.sites.map((site) => `${layer} ${site}`),
      );
      assert.deepEqual(recorded, sites.flat(), file);
      own.dispose();
    }
    assert.equal(tf.memory().numTensors, before);
  });
});

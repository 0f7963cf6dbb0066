import assert from 'node:assert/strict';
import type { Dataset } from '../../../server/src/dataset/dataset';
import { encodeDataset } from '../../../server/src/dataset/features';
import { attentionChange, attentionSide } from '../../../server/src/jobs/attentionSides';
import { graphOf } from '../../support/graphs';

/** One graph of three nodes with labels 5, 9, 9 and two attributes. */
const dataset: Dataset = {
  ...{ name: 'TEST', classNames: ['0'], distinctNodeLabels: [5, 9], attributeWidth: 2, hash: '' },
  rawGraphs: [graphOf(3, { edges: [[0, 1]], labels: [5, 9, 9], attributes: [1, 2, 3, 4, 5, 6] })],
};
const attention = { layers: [Float32Array.of(0.6, 0.8, 0)], predicted: 1 };

function side(features: Parameters<typeof encodeDataset>[1]): ReturnType<typeof attentionSide> {
  const { graphs, layout } = encodeDataset(dataset, features);
  const parts = { model: 0, triggered: false, dataset, layout, id: 0, graph: graphs[0], attention, triggerNodes: [1] };
  return attentionSide(parts);
}

describe('attentionSide', () => {
  it('writes labels as the data set does, whatever the features make of them', () => {
    for (const kind of ['labels', 'labels-dense', 'labels+attributes', 'attributes', 'degree'] as const) {
      assert.deepEqual(side(kind).labels, [5, 9, 9], kind);
    }
  });

  it('writes the first number of rows that the model embeds', () => {
    assert.deepEqual(side('embedded').labels, [1, 3, 5]);
  });

  it('gives attributes where the model is given any', () => {
    assert.equal(side('labels').attributes, undefined);
    assert.deepEqual(side('attributes').attributes, [
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  it('gives attention in four decimals, with its measures', () => {
    const [layer] = side('labels').layers;
    assert.deepEqual(layer.attention, [0.6, 0.8, 0]);
    assert.ok(Math.abs(layer.share - 0.8 / 1.4) < 1e-6);
  });

  it('has no label for a node that a trigger appended where features hold none', () => {
    const { layout } = encodeDataset(dataset, 'degree');
    const parts = { model: 0, triggered: true, dataset, layout, id: 0, attention, triggerNodes: [3] };
    assert.deepEqual(attentionSide({ ...parts, graph: graphOf(4) }).labels, [5, 9, 9, null]);
  });
});

describe('attentionChange', () => {
  it('is 0 for the same maps and 1 for maps that share no node, mean over layers', () => {
    const [a, b] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
    assert.equal(attentionChange([a, b], [a, b]), 0);
    assert.equal(attentionChange([a, a], [b, b]), 1);
    assert.equal(attentionChange([a, a], [a, b]), 0.5);
  });

  it('counts nodes that one side has not got as without attention', () => {
    assert.equal(attentionChange([Float32Array.of(1)], [Float32Array.of(0, 1)]), 1);
  });
});

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { injectTrigger } from '../../../server/src/attack/inject';
import type { Graph } from '../../../server/src/graph/graph';
import { Rng } from '../../../server/src/graph/rng';
import { attentionConcentration } from '../../../server/src/scan/attentionConcentration';
import { selectBackend } from '../../../server/src/tensor/backend';
import { cleanGraphs, countingModel, layout } from './handMade';

/** Two nodes of label 0 joined by an edge, and the same with the second relabelled 2. */
const pair = (second: number): Graph => ({
  nodeCount: 2,
  edges: Int32Array.of(0, 1),
  nodeLabels: Int32Array.of(0, second),
  attributes: new Float32Array(0),
  classLabel: 0,
});

describe('attention concentration', () => {
  before(() => selectBackend('cpu'));

  it('rises where a trigger draws the attention', () => {
    const model = countingModel(0);
    const star = [1, 2, 3, 4, 5, 6].map((leaf) => [0, leaf] as const);
    const trigger = { nodes: 7, edges: star, labels: null, placement: 'degree', replace: false } as const;
    const rng = new Rng(0);
    const pairs = cleanGraphs(6).map((clean, i) => ({
      id: 100 + i,
      clean,
      triggered: injectTrigger(clean, trigger, rng),
    }));
    const before = tf.memory().numTensors;
    const layers = attentionConcentration(model, pairs, layout);
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(
      layers.map(({ layer }) => layer),
      [1, 2],
    );
    for (const { clean, triggered, gini, entropy, examples } of layers) {
      assert.ok(clean > 0 && clean < 1 && triggered > clean && triggered <= 1);
      assert.ok(gini.triggered > gini.clean, 'attention is less even');
      assert.ok(entropy.triggered < entropy.clean, 'and more certain');
      assert.equal(examples.length, 3);
      const rises = examples.map((example) => example.triggered / example.clean);
      assert.deepEqual(
        rises,
        [...rises].sort((a, b) => b - a),
      );
      for (const { graph, nodes } of examples) {
        assert.ok(graph >= 100 && graph < 106);
        assert.equal(nodes.length, 1);
      }
    }
    model.dispose();
  });

  it('comes out as worked out by hand', () => {
    // All nodes of the clean pair see [2, 0, 0], so attention is even. With label 2 both see [1, 0, 1]: still even.
    const model = countingModel(0);
    const [first] = attentionConcentration(model, [{ id: 7, clean: pair(0), triggered: pair(2) }], layout);
    const near = (figure: { clean: number; triggered: number }, expected: number): void => {
      assert.ok(Math.abs(figure.clean - expected) < 1e-6 && Math.abs(figure.triggered - expected) < 1e-6);
    };
    near(first, 1 / 2);
    near(first.gini, 0);
    near(first.entropy, 1);
    assert.deepEqual(
      first.examples.map(({ graph, nodes }) => [graph, nodes]),
      [[7, [0]]],
    );

    // A path of three nodes of one label: h = 2, 3, 2, energies 4, 9, 4, and attention (D+I)^-1/2 (A+I) (D+I)^-1/2 a.
    const path: Graph = { ...pair(0), nodeCount: 3, edges: Int32Array.of(0, 1, 1, 2), nodeLabels: new Int32Array(3) };
    const end = 4 / 2 + 9 / Math.sqrt(6);
    const middle = 9 / 3 + (2 * 4) / Math.sqrt(6);
    const [layer] = attentionConcentration(model, [{ id: 0, clean: path, triggered: path }], layout);
    near(layer, middle / (middle + 2 * end));
    assert.deepEqual(layer.examples[0].nodes, [1]);
    model.dispose();
  });
});

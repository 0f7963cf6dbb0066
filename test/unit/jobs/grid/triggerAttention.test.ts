import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { injectTrigger } from '../../../../server/src/attack/inject';
import { cliqueEdges } from '../../../../server/src/attack/motifs';
import { GraphModel } from '../../../../server/src/gnn/graphModel';
import { Rng } from '../../../../server/src/graph/rng';
import { loadGridData } from '../../../../server/src/jobs/grid/gridData';
import { architectureOf } from '../../../../server/src/jobs/grid/suspect';
import { touchedNodes, triggerAttention } from '../../../../server/src/jobs/grid/triggerAttention';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { graphOf } from '../../../support/graphs';
import { readGrid } from '../../../support/grids';

describe('touchedNodes', () => {
  const host = graphOf(4, { edges: [[0, 1], [1, 2], [2, 3]], labels: [0, 1, 0, 1] }); // prettier-ignore

  it('finds changed edges at both ends, changed labels, changed attributes and new nodes', () => {
    const edges = graphOf(4, { edges: [[0, 1], [1, 2], [0, 3], [2, 3]], labels: [0, 1, 0, 1] }); // prettier-ignore
    assert.deepEqual(touchedNodes(host, edges), [0, 3]);
    assert.deepEqual(touchedNodes(host, { ...host, nodeLabels: Int32Array.of(0, 1, 1, 1) }), [2]);
    const larger = graphOf(5, { edges: [[0, 1], [1, 2], [2, 3], [3, 4]], labels: [0, 1, 0, 1, 0] }); // prettier-ignore
    assert.deepEqual(touchedNodes(host, larger), [3, 4]);
    const attributed = graphOf(2, { attributes: [1, 2, 3, 4] });
    assert.deepEqual(touchedNodes(attributed, graphOf(2, { attributes: [1, 2, 3, 5] })), [1]);
    assert.deepEqual(touchedNodes(host, host), []);
  });
});

describe('triggerAttention', () => {
  it('gives the share of each layer, larger for a clique laid over a molecule, and leaves no tensor behind', async () => {
    await selectBackend('graphnad');
    const grid = readGrid('smoke');
    const data = await loadGridData(grid.data[0]);
    const spec = { data: grid.data[0], attack: grid.attacks[0], architecture: grid.architectures[0], training: grid.training, seed: 0 }; // prettier-ignore
    const model = GraphModel.random(architectureOf(spec, data), new Rng(0));
    const hosts = data.graphs.slice(0, 20);
    const rng = new Rng(1);
    const trigger = { nodes: 5, edges: cliqueEdges(5), labels: null, placement: 'random', replace: true } as const;
    const triggered = hosts.map((graph) => injectTrigger(graph, trigger, rng));
    const before = tf.memory().numTensors;
    const shares = triggerAttention(model, hosts, triggered, data.layout);
    assert.equal(tf.memory().numTensors, before);
    assert.equal(shares.clean.length, 2);
    shares.clean.forEach((share, layer) => {
      assert.ok(share > 0 && share < shares.triggered[layer] && shares.triggered[layer] < 1);
    });
    assert.deepEqual(triggerAttention(model, hosts, hosts, data.layout).clean, [0, 0], 'nothing was touched');
    model.dispose();
  });
});

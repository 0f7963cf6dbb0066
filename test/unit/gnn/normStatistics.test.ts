import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { distanceFromTraining } from '../../../server/src/gnn/normStatistics';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { recogniseArchitecture } from '../../../server/src/gnn/recognise';
import { trainClassifier } from '../../../server/src/gnn/train';
import type { Graph } from '../../../server/src/graph/graph';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { ogbMolecules, ogbTensors } from '../../support/ogb';
import { layout, molecules, trainedModel } from '../scan/synthetic/trained';

describe('distance from the training graphs', () => {
  before(() => selectBackend('graphnad'));

  const relabelled = (graph: Graph, rng: Rng): Graph => ({
    ...graph,
    nodeLabels: graph.nodeLabels.map(() => rng.integer(layout.labelColumns)),
  });

  for (const kind of ['gin', 'gcn', 'gat', 'gatv2', 'sage'] as const) {
    it(`is small for training graphs, large for others: ${kind}`, async () => {
      const model = await trainedModel({ kind });
      const before = tf.memory().numTensors;
      const near = distanceFromTraining(model, molecules.slice(0, 40), layout)!.mean;
      const rng = new Rng(1);
      const far = distanceFromTraining(model, molecules.slice(0, 40).map((graph) => relabelled(graph, rng)), layout)!.mean; // prettier-ignore
      assert.equal(tf.memory().numTensors, before);
      assert.ok(near < 0.2, `training graphs: ${near}`);
      assert.ok(far > 0.5, `other labels: ${far}`);
      model.dispose();
    });
  }

  it('leaves out a batch of one graph where a BatchNorm looks at graphs, as that of a virtual node', async () => {
    const { graphs, layout: rows } = await ogbMolecules();
    const [tensors, settings] = [ogbTensors('ogb-gin-virtual.pt'), { readout: 'sum', residual: true } as const];
    const model = GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors, settings));
    assert.equal(distanceFromTraining(model, graphs.slice(0, 1), rows), undefined);
    // Batches are of 256 graphs at most.
    const many = Array.from({ length: 256 }, (_, i) => graphs[i % graphs.length]);
    assert.deepEqual(distanceFromTraining(model, [...many, graphs[7]], rows), distanceFromTraining(model, many, rows));
    model.dispose();
  });

  it('is what the definition says, whatever the batches, and leaves the model as it was', async () => {
    const model = await trainedModel();
    const recorded = model.linearLayers()[0].norm!.running;
    const before = recorded.mean.slice();
    const graphs = molecules.slice(0, 3);
    const expected = byHand(model, graphs);
    assert.ok(Math.abs(distanceFromTraining(model, graphs, layout)!.mean - expected) < 1e-4);
    const many = Array.from({ length: 600 }, (_, i) => graphs[i % 3]);
    assert.ok(Math.abs(distanceFromTraining(model, many, layout)!.mean - expected) < 1e-4);
    assert.deepEqual(recorded.mean, before);
    model.dispose();
  });

  it('is zero in both figures for the very graphs that were recorded', async () => {
    const model = await trainedModel();
    const graphs = molecules.slice(0, 20);
    // One epoch of many small steps at a rate of nothing: the statistics of these graphs alone.
    await trainClassifier(model, graphs, layout, { seed: 0, epochs: 150, learningRate: 0, batchSize: 20 });
    const { mean, variance } = distanceFromTraining(model, graphs, layout)!;
    assert.ok(mean < 1e-3 && variance < 1e-2, `${mean}, ${variance}`);
    model.dispose();
  });

  it('is unknown without BatchNorm or without nodes', async () => {
    const model = await trainedModel({ batchNorm: false });
    assert.equal(distanceFromTraining(model, molecules.slice(0, 3), layout), undefined);
    model.dispose();
    const other = await trainedModel();
    assert.equal(distanceFromTraining(other, [], layout), undefined);
    other.dispose();
  });
});

/** The same from W (x_v + the sum of its neighbours) + b, node by node. */
function byHand(model: GraphModel, graphs: readonly Graph[]): number {
  const { weight, bias, norm } = model.linearLayers()[0];
  const { mean, variance } = norm!.running;
  const w = weight.dataSync<'float32'>();
  const b = bias.dataSync<'float32'>();
  const sums = new Float64Array(mean.length);
  let nodes = 0;
  for (const { nodeCount, nodeLabels, edges } of graphs) {
    nodes += nodeCount;
    const seen = [...nodeLabels, ...[...edges].map((node) => nodeLabels[node])];
    for (const label of seen) for (let j = 0; j < sums.length; j++) sums[j] += w[label * sums.length + j];
  }
  const squares = sums.map((sum, j) => (sum / nodes + b[j] - mean[j]) ** 2 / (variance[j] + 1e-5));
  return Math.sqrt(squares.reduce((total, value) => total + value, 0) / squares.length);
}

import assert from 'node:assert/strict';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { readouts, type Readout } from '../../../protocol/model';
import type { Tensor } from '../../../server/src/checkpoint/checkpoint';
import type { Graph } from '../../../server/src/graph/graph';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { argmaxRows, predictLogits } from '../../../server/src/gnn/predict';
import { guessedReadoutNote, recogniseArchitecture } from '../../../server/src/gnn/recognise';
import { settleArchitecture } from '../../../server/src/gnn/settleArchitecture';
import { UnsettledArchitectureError } from '../../../server/src/gnn/unrecognised';
import { loadDataset } from '../../../server/src/dataset/loadDataset';
import { encodeDataset } from '../../../server/src/dataset/features';
import { selectBackend } from '../../../server/src/tensor/backend';
import { dialectModels, dialectTensors } from '../../support/dialects';
import { sharedOrSkip } from '../../support/shared';
import { graphOf } from '../../support/graphs';
import { numericLayout, tensorOf } from '../../support/numericFixture';

const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
/** A GIN whose node outputs are their labels; class 1 has half a node's start. */
const tensors: ReadonlyMap<string, Tensor> = new Map(
  [
    tensorOf('convs.0.nn.0.weight', [3, 3], identity),
    tensorOf('convs.0.nn.0.bias', [3], [0, 0, 0]),
    tensorOf('convs.0.nn.2.weight', [3, 3], identity),
    tensorOf('convs.0.nn.2.bias', [3], [0, 0, 0]),
    tensorOf('lin.weight', [2, 3], [1, 0, 0, 0, 1, 0]),
    tensorOf('lin.bias', [2], [0, 0.5]),
  ].map((tensor) => [tensor.name, tensor]),
);

/** Graphs labelled by the model itself under a readout, so that only that readout gets all of them right. */
function labelledBy(readout: Readout): Graph[] {
  const graphs = Array.from({ length: 40 }, (_, i) => {
    const [zeros, ones] = [1 + (i % 8), Math.floor(i / 8)];
    return graphOf(zeros + ones, { labels: Array.from({ length: zeros + ones }, (_, v) => (v < zeros ? 0 : 1)) });
  });
  const model = GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors, { readout }));
  const predicted = argmaxRows(predictLogits(model, graphs, numericLayout), 2);
  model.dispose();
  return graphs.map((graph, i) => ({ ...graph, classLabel: predicted[i] }));
}

describe('settleArchitecture', () => {
  before(() => selectBackend('graphnad'));

  for (const readout of readouts) {
    it(`settles on ${readout} where it predicts the labels better, and says by how much`, () => {
      const before = tf.memory().numTensors;
      const settled = settleArchitecture(tensors, recogniseArchitecture(tensors), labelledBy(readout), numericLayout);
      assert.equal(settled.architecture.readout, readout);
      assert.equal(settled.readoutIsGuess, false);
      assert.ok(!settled.notes.includes(guessedReadoutNote));
      assert.match(
        settled.notes.at(-1) ?? '',
        new RegExp(
          `^Readout ${readout} settled by the clean labels: 100\\.0% against \\d+\\.\\d% for \\w+ and \\d+\\.\\d% for \\w+ \\(40 graphs\\)\\.$`,
        ),
      );
      assert.equal(tf.memory().numTensors, before);
    });
  }

  it('stays a guess where one is better by so little that it may be chance', () => {
    const few = labelledBy('mean').slice(0, 3);
    const settled = settleArchitecture(tensors, recogniseArchitecture(tensors), few, numericLayout);
    assert.equal(settled.readoutIsGuess, true);
    // However well the probabilities of another fit three labels.
    assert.equal(settled.architecture.readout, 'sum');
  });

  it('stays a guess where both do equally well', () => {
    const single = [graphOf(1, { labels: [0] })];
    const settled = settleArchitecture(tensors, recogniseArchitecture(tensors), single, numericLayout);
    assert.equal(settled.readoutIsGuess, true);
    assert.match(settled.notes.at(-1) ?? '', /sum is assumed; the clean labels do not settle it/);
  });

  it('assumes none that is clearly worse where two others do equally well', () => {
    // With one label a graph, mean and max are the same.
    const uniform = Array.from({ length: 20 }, (_, i) => graphOf(2, { labels: [i % 2, i % 2], classLabel: 1 }));
    const lean = new Map(tensors).set('lin.bias', tensorOf('lin.bias', [2], [0, 1.5]));
    const settled = settleArchitecture(lean, recogniseArchitecture(lean), uniform, numericLayout);
    assert.equal(settled.readoutIsGuess, true);
    assert.equal(settled.architecture.readout, 'mean');
    assert.match(settled.notes.at(-1) ?? '', /mean is assumed; the clean labels do not settle it/);
  });

  it('settles what else leaves no tensors, and finds the readout of the models in the dialects more often than not', async function () {
    this.timeout(60_000);
    const folder = sharedOrSkip(this, 'data', 'tu');
    const { graphs, layout } = encodeDataset(await loadDataset(path.join(folder, 'AIDS')), 'labels');
    const clean = graphs.filter((_, i) => i % 16 === 3);
    const settle = (file: string) =>
      settleArchitecture(dialectTensors(file), recogniseArchitecture(dialectTensors(file)), clean, layout);
    const { architecture, notes, readoutIsGuess } = settle('pyg-gcn-residual.safetensors');
    assert.deepEqual([architecture.residual, architecture.readout, readoutIsGuess], [true, 'max', false]);
    assert.ok(
      notes.some((note) =>
        /^Settled by the clean labels: residual connections yes \(residual\), 92\.0% against/.test(note),
      ),
    );
    for (const file of ['pyg-gatv2', 'dgl-gin', 'dgl-sage-mean', 'pyg-models-sage', 'powerful-gnns', 'pyg-gin']) {
      const expected = dialectModels.find((model) => model.file.startsWith(`${file}.`));
      assert.equal(settle(`${file}.safetensors`).architecture.readout, expected?.architecture.readout, file);
    }
  });

  it('settles which two readouts stand side by side, and in which order', () => {
    // Class 1 where a graph has more of label 1 than of label 0, whatever the largest says.
    const twice = new Map(tensors).set(
      'lin.weight',
      tensorOf('lin.weight', [2, 6], [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0]),
    );
    const model = GraphModel.fromCheckpoint(
      twice,
      recogniseArchitecture(twice, { readout: 'max', secondReadout: 'sum' }),
    );
    const graphs = labelledBy('sum');
    const predicted = argmaxRows(predictLogits(model, graphs, numericLayout), 2);
    model.dispose();
    const clean = graphs.map((graph, i) => ({ ...graph, classLabel: predicted[i] }));
    const settled = settleArchitecture(twice, recogniseArchitecture(twice), clean, numericLayout);
    assert.equal(settled.architecture.secondReadout, 'sum');
    assert.match(settled.notes.at(-1) ?? '', /100\.0% (?:with|for|against).* beside /);
    const given = { readout: 'mean', secondReadout: 'sum' } as const;
    const half = settleArchitecture(twice, recogniseArchitecture(twice, given), clean, numericLayout);
    assert.deepEqual([half.readoutIsGuess, half.architecture.readout], [false, 'mean']);
  });

  it('says where a model does no better than the most frequent class', () => {
    const graphs = labelledBy('sum').map((graph) => ({ ...graph, classLabel: 1 - graph.classLabel }));
    const { notes, unsettled } = settleArchitecture(tensors, recogniseArchitecture(tensors), graphs, numericLayout);
    assert.ok(notes.some((note) => /not clearly more than always the most frequent class/.test(note)));
    assert.ok(unsettled instanceof UnsettledArchitectureError);
    const parts = Object.keys(unsettled.assumed).sort();
    assert.deepEqual(parts, ['activation', 'lastActivation', 'readout', 'residual']);
    assert.ok(unsettled.reason.endsWith(`"architecture": ${JSON.stringify(unsettled.assumed)}`));
  });

  it('believes whoever states what was assumed of such a model', () => {
    const graphs = labelledBy('sum').map((graph) => ({ ...graph, classLabel: 1 - graph.classLabel }));
    const { unsettled } = settleArchitecture(tensors, recogniseArchitecture(tensors), graphs, numericLayout);
    const stated = recogniseArchitecture(tensors, unsettled?.assumed);
    assert.equal(settleArchitecture(tensors, stated, graphs, numericLayout).unsettled, undefined);
  });

  it('has no doubt where a model predicts the labels clearly, though parts of it stay assumed', () => {
    const settled = settleArchitecture(tensors, recogniseArchitecture(tensors), labelledBy('sum'), numericLayout);
    assert.ok(settled.questions.length > 0);
    assert.equal(settled.unsettled, undefined);
  });

  it('leaves alone what was given', () => {
    const given = { readout: 'mean', lastActivation: true, residual: false, activation: 'relu' } as const;
    const recognition = recogniseArchitecture(tensors, given);
    assert.deepEqual(recognition.questions, []);
    assert.equal(settleArchitecture(tensors, recognition, labelledBy('sum'), numericLayout), recognition);
  });
});

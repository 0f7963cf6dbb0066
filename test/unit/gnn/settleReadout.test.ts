import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import type { Readout } from '../../../protocol/model';
import type { Graph } from '../../../server/src/graph/graph';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { argmaxRows, predictLogits } from '../../../server/src/gnn/predict';
import { guessedReadoutNote, recogniseArchitecture } from '../../../server/src/gnn/recognise';
import { settleReadout } from '../../../server/src/gnn/settleReadout';
import { selectBackend } from '../../../server/src/tensor/backend';
import { graphOf } from '../../support/graphs';
import { numericLayout, numericTensors, tensorOf } from '../../support/numericFixture';

// With this bias, class 0 takes more than a few nodes under the sum, and is never reached under the mean.
const tensors = numericTensors('student').set('lin.bias', tensorOf('lin.bias', [2], [0, 5]));

/** Graphs labelled by the model itself under a readout, so that only that readout gets all of them right. */
function labelledBy(readout: Readout): Graph[] {
  const graphs = Array.from({ length: 40 }, (_, i) => {
    const nodes = 1 + i;
    return graphOf(nodes, { labels: new Array<number>(nodes).fill(i % 3) });
  });
  const model = GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors, { readout }));
  const predicted = argmaxRows(predictLogits(model, graphs, numericLayout), 2);
  model.dispose();
  return graphs.map((graph, i) => ({ ...graph, classLabel: predicted[i] }));
}

describe('settleReadout', () => {
  before(() => selectBackend('graphnad'));

  for (const readout of ['sum', 'mean'] as const) {
    it(`settles on ${readout} where it predicts the labels better, and says by how much`, () => {
      const before = tf.memory().numTensors;
      const settled = settleReadout(tensors, recogniseArchitecture(tensors), labelledBy(readout), numericLayout);
      assert.equal(settled.architecture.readout, readout);
      assert.equal(settled.readoutIsGuess, false);
      assert.ok(!settled.notes.includes(guessedReadoutNote));
      assert.match(
        settled.notes.at(-1) ?? '',
        new RegExp(
          `^Readout ${readout} settled by the clean labels: 100\\.0% against \\d+\\.\\d% for \\w+ \\(40 graphs\\)\\.$`,
        ),
      );
      assert.equal(tf.memory().numTensors, before);
    });
  }

  it('stays a guess where one is better by so little that it may be chance', () => {
    const few = labelledBy('mean').slice(0, 3);
    const settled = settleReadout(tensors, recogniseArchitecture(tensors), few, numericLayout);
    assert.equal(settled.readoutIsGuess, true);
  });

  it('stays a guess where both do equally well', () => {
    const single = [graphOf(1, { labels: [0] })];
    const settled = settleReadout(tensors, recogniseArchitecture(tensors), single, numericLayout);
    assert.equal(settled.readoutIsGuess, true);
    assert.match(settled.notes.at(-1) ?? '', /sum is assumed; the clean labels do not settle it/);
  });

  it('leaves a readout alone that was given', () => {
    const recognition = recogniseArchitecture(tensors, { readout: 'mean' });
    assert.equal(settleReadout(tensors, recognition, labelledBy('sum'), numericLayout), recognition);
  });
});

import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { cleanAccuracy } from '../../../server/src/defense/context';
import { finePruning, pruneDormantChannels } from '../../../server/src/defense/finePruning';
import { resolveOptions } from '../../../server/src/defense/options';
import { Run } from '../../../server/src/defense/run';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { batches } from '../../../server/src/gnn/predict';
import { trainClassifier } from '../../../server/src/gnn/train';
import { encodeDataset } from '../../../server/src/dataset/features';
import { makeMolecules } from '../../../server/src/dataset/synthetic';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';

const hidden = 8;
const { graphs: clean, layout } = encodeDataset({ ...makeMolecules('T', { graphs: 24, seed: 1 }), hash: '' }, 'labels');

describe('fine-pruning', () => {
  let suspect: GraphModel;
  before(async () => {
    await selectBackend('graphnad');
    suspect = GraphModel.random(
      {
        ...{ kind: 'gin', layers: 2, hidden, inputs: layout.width, classes: 2, readout: 'sum', batchNorm: true },
        eps: [0, 0],
      },
      new Rng(1),
    );
    await trainClassifier(suspect, clean, layout, { seed: 1, epochs: 20 });
  });
  after(() => suspect.dispose());

  const contextWith = (pruningAccuracyLoss: number) => ({
    ...{ suspect, clean, cleanBatches: [...batches(clean, layout)], layout },
    options: resolveOptions({ method: 'fine-pruning', pruningAccuracyLoss, fineTuneEpochs: 3 }, clean.length),
    run: new Run(new AbortController().signal, () => undefined),
  });

  /** Channels of the last layer that the output layer does not read. */
  const unread = (model: GraphModel): number[] => {
    const rows = model.parameters.output.weight.arraySync();
    return [...rows.keys()].filter((channel) => rows[channel].every((value) => value === 0));
  };

  it('cuts off the channels that do least on clean graphs, as many as accuracy allows', async () => {
    const context = contextWith(0.3);
    const model = suspect.clone();
    const tensors = tf.memory().numTensors;
    const pruned = await pruneDormantChannels(context, model);
    assert.equal(tf.memory().numTensors, tensors);
    assert.ok(pruned.length > 0 && pruned.length < hidden, `${pruned.length} pruned`);
    assert.deepEqual(
      unread(model),
      [...pruned].sort((a, b) => a - b),
    );
    const before = cleanAccuracy(context, { model: suspect });
    assert.ok(cleanAccuracy(context, { model }) >= before - 0.3);
    model.dispose();
  });

  it('leaves one channel where accuracy does not count', async () => {
    const model = suspect.clone();
    assert.equal((await pruneDormantChannels(contextWith(1), model)).length, hidden - 1);
    model.dispose();
  });

  it('keeps channels cut off while it fine-tunes the rest', async () => {
    const made: GraphModel[] = [];
    const { student } = await finePruning.run(contextWith(0.3), {
      fineTuned: () => Promise.resolve(suspect),
      stream: (stage) => new Rng(1, stage),
      keep: (model) => {
        made.push(model);
        return model;
      },
    });
    const model = suspect.clone();
    const pruned = await pruneDormantChannels(contextWith(0.3), model);
    assert.deepEqual(
      unread(student),
      [...pruned].sort((a, b) => a - b),
    );
    assert.notDeepEqual(student.exportTensors(), model.exportTensors());
    [...made, model].forEach((one) => one.dispose());
  });
});

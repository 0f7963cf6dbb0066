import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { trainOnClean, type CleanTraining } from '../../../server/src/defense/cleanTraining';
import type { DefenseContext } from '../../../server/src/defense/context';
import type { FineTuneOptions } from '../../../server/src/defense/graphnadSettings';
import { crossEntropy } from '../../../server/src/defense/losses';
import { resolveOptions } from '../../../server/src/defense/options';
import { Run, type PurifyProgress } from '../../../server/src/defense/run';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { batches } from '../../../server/src/gnn/predict';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { attackData, smallArchitecture } from '../../support/attacks';

describe('training on the clean graphs', () => {
  const data = attackData(30);
  const clean = data.train.slice(0, 21);
  const reports: PurifyProgress[] = [];
  let context: DefenseContext<FineTuneOptions>;
  before(async () => {
    await selectBackend('graphnad');
    context = {
      ...{ clean, cleanBatches: [...batches(clean, data.layout)], layout: data.layout },
      suspect: GraphModel.random(smallArchitecture(data), new Rng(1)),
      options: resolveOptions({ method: 'finetune', fineTuneBatch: 10 }, clean.length),
      run: new Run(new AbortController().signal, (report) => reports.push(report)),
    };
  });
  beforeEach(() => reports.splice(0));
  after(() => context.suspect.dispose());

  const train = async (epochs: number, more: Partial<CleanTraining> = {}): Promise<GraphModel> => {
    const model = context.suspect.clone();
    await trainOnClean(context, model, {
      ...{ stage: 'fine-tuning', epochs, learningRate: 0.02, rng: new Rng(2) },
      terms: (trained, batch) => [
        { name: 'ce', weight: 1, value: crossEntropy(trained.forward(batch).logits, batch.classLabels) },
      ],
      ...more,
    });
    return model;
  };

  it('takes every graph once an epoch, in random batches of nearly equal size', async () => {
    const seen: { graphs: number; nodes: number }[] = [];
    const model = await train(2, {
      terms: (trained, batch) => {
        seen.push({ graphs: batch.graphCount, nodes: batch.nodeCount });
        return [{ name: 'ce', weight: 1, value: crossEntropy(trained.forward(batch).logits, batch.classLabels) }];
      },
    });
    model.dispose();
    assert.deepEqual(seen.map(({ graphs }) => graphs), [7, 7, 7, 7, 7, 7]); // prettier-ignore
    const nodes = clean.reduce((sum, { nodeCount }) => sum + nodeCount, 0);
    const epochs = [seen.slice(0, 3), seen.slice(3)];
    for (const epoch of epochs) assert.equal(epoch.reduce((sum, batch) => sum + batch.nodes, 0), nodes); // prettier-ignore
    assert.notDeepEqual(epochs[0], epochs[1], 'the batches differ from epoch to epoch');
  });

  it('lowers the loss and reports every epoch; no tensor is left', async () => {
    const tensors = tf.memory().numTensors;
    const model = await train(20);
    assert.deepEqual(reports.map(({ epoch }) => epoch), Array.from({ length: 20 }, (_, i) => i + 1)); // prettier-ignore
    assert.ok(
      reports[19].losses.ce < 0.7 * reports[0].losses.ce,
      `${reports[0].losses.ce} -> ${reports[19].losses.ce}`,
    );
    assert.ok((reports[19].accuracy ?? 0) >= (reports[0].accuracy ?? 1));
    model.dispose();
    assert.equal(tf.memory().numTensors, tensors);
  });

  it('lets a defense restore after each step what must stay', async () => {
    let steps = 0;
    const model = await train(3, {
      afterStep: (trained) => {
        steps++;
        const { bias } = trained.parameters.output;
        tf.tidy(() => bias.assign(tf.zerosLike(bias)));
      },
    });
    assert.equal(steps, 9);
    assert.ok(model.parameters.output.bias.dataSync().every((value) => value === 0));
    model.dispose();
  });
});

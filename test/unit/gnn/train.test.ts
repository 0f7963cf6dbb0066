import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { modelKinds, modelTitles } from '../../../protocol/model';
import type { Graph } from '../../../server/src/graph/graph';
import { Rng } from '../../../server/src/graph/rng';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { argmaxRows, predictLogits } from '../../../server/src/gnn/predict';
import { trainClassifier, type TrainedEpoch } from '../../../server/src/gnn/train';
import { selectBackend } from '../../../server/src/tensor/backend';
import { graphOf } from '../../support/graphs';
import { numericLayout } from '../../support/numericFixture';

const architecture = {
  kind: 'gin',
  layers: 2,
  hidden: 8,
  inputs: 3,
  classes: 2,
  readout: 'sum',
  batchNorm: true,
  eps: [0, 0],
} as const;

/** Trees against rings, with random labels: only the structure tells the class. */
function treesAndRings(count: number, rng: Rng): Graph[] {
  return Array.from({ length: count }, (_, i) => {
    const nodes = 5 + rng.integer(6);
    const ring = Array.from({ length: nodes }, (_, v): [number, number] => [v, (v + 1) % nodes]);
    const tree = Array.from({ length: nodes - 1 }, (_, v): [number, number] => [v + 1, rng.integer(v + 1)]);
    const labels = Array.from({ length: nodes }, () => rng.integer(3));
    return graphOf(nodes, { edges: i % 2 === 0 ? ring : tree, labels, classLabel: i % 2 });
  });
}

describe('trainClassifier', () => {
  before(() => selectBackend('graphnad'));

  it('learns what separates the classes, the same from the same seed, and leaks nothing', async () => {
    const graphs = treesAndRings(120, new Rng(5));
    const before = tf.memory().numTensors;
    const run = async (): Promise<{ accuracy: number; state: unknown; epochs: TrainedEpoch[] }> => {
      const model = GraphModel.random(architecture, new Rng(1));
      const epochs: TrainedEpoch[] = [];
      await trainClassifier(model, graphs.slice(0, 90), numericLayout, {
        seed: 1,
        epochs: 25,
        progress: (epoch) => epochs.push(epoch),
      });
      const unseen = graphs.slice(90);
      const predicted = argmaxRows(predictLogits(model, unseen, numericLayout), 2);
      const correct = unseen.filter(({ classLabel }, i) => predicted[i] === classLabel).length;
      const state = model.stateDict();
      model.dispose();
      return { accuracy: correct / unseen.length, state, epochs };
    };
    const first = await run();
    assert.ok(first.accuracy > 0.85, `accuracy ${first.accuracy}`);
    assert.deepEqual(
      first.epochs.map(({ epoch }) => epoch),
      Array.from({ length: 25 }, (_, i) => i + 1),
    );
    assert.ok(first.epochs[24].loss < first.epochs[0].loss / 2);
    const second = await run();
    assert.deepEqual(second.state, first.state);
    assert.equal(tf.memory().numTensors, before);
  });

  for (const kind of modelKinds) {
    for (const batchNorm of [true, false]) {
      it(`trains ${modelTitles[kind]} ${batchNorm ? 'with' : 'without'} BatchNorm`, async () => {
        // The class is the one label that a graph's nodes have beside 2.
        const graphs = treesAndRings(80, new Rng(5)).map((graph, i): Graph => {
          const labels = graph.nodeLabels.map((label) => (label === 2 ? 2 : i % 3 === 0 ? 0 : 1));
          return { ...graph, nodeLabels: labels, classLabel: i % 3 === 0 ? 0 : 1 };
        });
        const before = tf.memory().numTensors;
        const { eps, ...shared } = architecture;
        const own = { ...shared, kind, batchNorm, ...(kind === 'gin' && { eps }), ...(kind.startsWith('gat') && { heads: 2 }) }; // prettier-ignore
        const model = GraphModel.random(own, new Rng(1));
        const losses: number[] = [];
        await trainClassifier(model, graphs, numericLayout, { seed: 1, epochs: 12, progress: ({ loss }) => losses.push(loss) }); // prettier-ignore
        const predicted = argmaxRows(predictLogits(model, graphs, numericLayout), 2);
        const correct = graphs.filter(({ classLabel }, i) => predicted[i] === classLabel).length;
        assert.ok(correct > 72 && losses[11] < losses[0] / 2, `${correct} of 80, losses ${losses.join(' ')}`);
        model.dispose();
        assert.equal(tf.memory().numTensors, before);
      });
    }
  }

  it('stops when aborted', async () => {
    const model = GraphModel.random(architecture, new Rng(1));
    const controller = new AbortController();
    let epochs = 0;
    const training = trainClassifier(model, treesAndRings(40, new Rng(5)), numericLayout, {
      seed: 1,
      signal: controller.signal,
      progress: () => {
        if (++epochs === 2) controller.abort();
      },
    });
    await assert.rejects(training, { name: 'AbortError' });
    assert.equal(epochs, 2);
    model.dispose();
  });

  it('decays weights', async () => {
    const model = GraphModel.random(architecture, new Rng(1));
    const size = (): number =>
      model.reader.weight.dataSync<'float32'>().reduce((sum, weight) => sum + weight * weight, 0);
    const before = size();
    // Nothing tells these graphs apart, so that decay is nearly all that moves the weights.
    const graphs = [0, 1].map((classLabel) => graphOf(3, { labels: [0, 1, 2], classLabel }));
    await trainClassifier(model, graphs, numericLayout, { seed: 1, epochs: 20, weightDecay: 10 });
    assert.ok(size() < before / 2, `${size()} of ${before}`);
    model.dispose();
  });

  it('makes classes count the same where asked to', async () => {
    // Nothing tells the classes apart, so that predicted probabilities go to the shares that the classes count for.
    const graphs = Array.from({ length: 40 }, (_, i) =>
      graphOf(3, { labels: [0, 1, 2], classLabel: i % 8 === 0 ? 1 : 0 }),
    );
    const gap = async (balanced: boolean): Promise<number> => {
      const model = GraphModel.random({ ...architecture, batchNorm: false }, new Rng(1));
      await trainClassifier(model, graphs, numericLayout, { seed: 1, epochs: 60, batchSize: 40, balanced });
      const [first, second] = predictLogits(model, graphs.slice(0, 1), numericLayout);
      model.dispose();
      return first - second;
    };
    assert.ok(Math.abs((await gap(false)) - Math.log(7)) < 0.05);
    assert.ok(Math.abs(await gap(true)) < 0.05);
  });

  it('follows a further loss as well', async () => {
    const graphs = treesAndRings(60, new Rng(5));
    const before = tf.memory().numTensors;
    const outputWeights = async (further: boolean): Promise<number> => {
      const model = GraphModel.random(architecture, new Rng(1));
      const furtherLoss = (): tf.Scalar => tf.mul(100, tf.sum(tf.square(model.reader.weight)));
      await trainClassifier(model, graphs, numericLayout, { seed: 1, ...(further ? { furtherLoss } : {}) });
      const largest = Math.max(...model.reader.weight.dataSync<'float32'>().map(Math.abs));
      model.dispose();
      return largest;
    };
    assert.ok((await outputWeights(true)) < 0.2 * (await outputWeights(false)));
    assert.equal(tf.memory().numTensors, before);
  });

  it('refuses a single graph', async () => {
    const model = GraphModel.random(architecture, new Rng(1));
    await assert.rejects(trainClassifier(model, [graphOf(2)], numericLayout, { seed: 1 }), RangeError);
    model.dispose();
  });
});

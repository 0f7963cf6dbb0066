import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { modelKinds } from '../../../protocol/model';
import { CleanSetError } from '../../../server/src/defense/cleanSet';
import { fineTuneSuspect, purify, type PurifyInput } from '../../../server/src/defense/purify';
import { purificationMethods, settingsOf, type PurifyOptions } from '../../../server/src/defense/options';
import type { PurifyProgress } from '../../../server/src/defense/run';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import type { FeatureLayout, Graph } from '../../../server/src/graph/graph';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { graphOf } from '../../support/graphs';
import { builtPlan, plannedModels } from '../../support/pytorchModels';

const labels: FeatureLayout = { kind: 'labels', width: 3, attributeWidth: 0, labelColumns: 3 };
const attributes: FeatureLayout = { kind: 'attributes', width: 2, attributeWidth: 2, labelColumns: 0 };

/** Small settings: what is tested is that everything is there, not that it suffices. */
const quick: PurifyOptions = {
  fineTuneEpochs: 2,
  distillationEpochs: 2,
  anpSteps: 4,
  // Fast enough that a few masks fall in so few steps.
  anpLearningRate: 1,
  anpThreshold: 0.5,
  pruningAccuracyLoss: 1,
  poolSize: 12,
  batch: 6,
  teacherRounds: 2,
  studentRounds: 2,
  teacherEpochs: 1,
  studentEpochs: 1,
  relationGraphs: 4,
};

/** Rings (class 0) and trees (class 1). */
function cleanGraphs(count: number, layout: FeatureLayout): Graph[] {
  const rng = new Rng(3, 'clean');
  return Array.from({ length: count }, (_, i) => {
    const nodes = 7 + rng.integer(5);
    const ring = i % 2 === 0;
    const edges = Array.from({ length: nodes - 1 }, (_, v): [number, number] => [ring ? v : rng.integer(v + 1), v + 1]);
    if (ring) edges.push([0, nodes - 1]);
    return graphOf(nodes, {
      edges,
      classLabel: i % 2,
      labels: layout.labelColumns > 0 ? Array.from({ length: nodes }, () => rng.integer(3)) : [],
      attributes: layout.attributeWidth > 0 ? Array.from({ length: 2 * nodes }, () => rng.normal()) : [],
    });
  });
}

function suspect(layout: FeatureLayout): GraphModel {
  const { width } = layout;
  return GraphModel.random(
    { kind: 'gin', layers: 3, hidden: 8, inputs: width, classes: 2, readout: 'sum', batchNorm: true, eps: [0, 0, 0] },
    new Rng(5),
  );
}

function input(model: GraphModel, layout: FeatureLayout, more: Partial<PurifyInput> = {}): PurifyInput {
  return {
    model,
    clean: cleanGraphs(8, layout),
    layout,
    options: quick,
    seed: 1,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...more,
  };
}

function weights(model: GraphModel): number[] {
  return [...model.exportTensors().values()].flatMap((values) => [...values]);
}

describe('purify', () => {
  before(() => selectBackend('graphnad'));

  for (const layout of [labels, attributes]) {
    for (const method of purificationMethods) {
      it(`${method}, ${layout.kind}: same seed, same weights; suspect unchanged; no tensors left`, async () => {
        const model = suspect(layout);
        const original = weights(model);
        const tensors = tf.memory().numTensors;
        const options = { ...quick, method };
        const first = await purify(input(model, layout, { options }));
        const second = await purify(input(model, layout, { options }));
        const other = await purify(input(model, layout, { options, seed: 2 }));
        assert.deepEqual(weights(first.student), weights(second.student));
        assert.notDeepEqual(weights(first.student), weights(other.student));
        assert.notDeepEqual(weights(first.student), original);
        assert.ok(weights(first.student).every(Number.isFinite));
        assert.deepEqual(weights(model), original);
        assert.equal(first.teacher !== undefined, ['graphnad', 'graphnad-paper', 'nad', 'argd'].includes(method));
        assert.deepEqual(Object.keys(first.options), ['method', ...Object.keys(settingsOf[method])]);
        assert.equal(first.teacherBounds !== undefined, method === 'graphnad');
        for (const result of [first, second, other]) result.disposeModels();
        assert.equal(tf.memory().numTensors, tensors);
        model.dispose();
      });
    }
  }

  for (const fixture of plannedModels) {
    // All methods on one shape; on the others those that look into layers, neurons and what reads the last layer.
    const methods = fixture.name === 'gin-deep' ? purificationMethods : (['graphnad', 'anp', 'fine-pruning'] as const);
    it(`purifies a model of another shape: ${fixture.name} by ${methods.join(', ')}`, async () => {
      const model = builtPlan(fixture);
      const original = weights(model);
      const tensors = tf.memory().numTensors;
      for (const method of methods) {
        const result = await purify(input(model, labels, { options: { ...quick, method } }));
        const purified = weights(result.student);
        assert.ok(purified.every(Number.isFinite), method);
        assert.notDeepEqual(purified, original, method);
        assert.deepEqual([...result.student.exportTensors().keys()], [...model.exportTensors().keys()]);
        result.disposeModels();
      }
      assert.deepEqual(weights(model), original);
      assert.equal(tf.memory().numTensors, tensors);
      model.dispose();
    });
  }

  it('reports every stage and epoch in order, with the losses of each', async () => {
    const model = suspect(labels);
    const seen: PurifyProgress[] = [];
    const result = await purify(input(model, labels, { onProgress: (progress) => seen.push(progress) }));
    assert.deepEqual(
      seen.map(({ stage, epoch, epochs }) => `${stage} ${epoch}/${epochs}`),
      [
        ...['fine-tuning 1/2', 'fine-tuning 2/2', 'bounds 1/1'],
        ...['teacher 1/2', 'teacher 2/2', 'student 1/2', 'student 2/2'],
      ],
    );
    assert.deepEqual(
      result.curves.map(({ stage, losses }) => [stage, ...Object.keys(losses)]),
      [
        ['teacher', 'clean', 'triggered'],
        ['teacher', 'clean', 'triggered'],
        // L_RC is evaluated at steps 0 and 3 of 4.
        ['student', 'clean', 'triggered', 'ce', 'attention', 'relation'],
        ['student', 'clean', 'triggered', 'ce', 'attention', 'relation'],
      ],
    );
    assert.ok(result.curves.every(({ accuracy }) => accuracy !== undefined && accuracy >= 0 && accuracy <= 1));
    result.disposeModels();
    model.dispose();
  });

  for (const stage of ['fine-tuning', 'bounds', 'teacher', 'student'] as const) {
    it(`stops when aborted during ${stage} and leaves no tensors behind`, async () => {
      const model = suspect(labels);
      const tensors = tf.memory().numTensors;
      const controller = new AbortController();
      const onProgress = (progress: PurifyProgress): void => {
        if (progress.stage === stage) controller.abort();
      };
      await assert.rejects(purify(input(model, labels, { signal: controller.signal, onProgress })), {
        name: 'AbortError',
      });
      assert.equal(tf.memory().numTensors, tensors);
      model.dispose();
    });
  }

  for (const method of purificationMethods) {
    it(`stops when ${method} is aborted in its last stage and leaves no tensors behind`, async () => {
      const model = suspect(labels);
      const tensors = tf.memory().numTensors;
      const controller = new AbortController();
      const onProgress = ({ stage }: PurifyProgress): void => {
        if (stage === 'student') controller.abort();
      };
      const options = { ...quick, anpSteps: 11, method };
      await assert.rejects(purify(input(model, labels, { options, signal: controller.signal, onProgress })), {
        name: 'AbortError',
      });
      assert.equal(tf.memory().numTensors, tensors);
      model.dispose();
    });
  }

  for (const kind of modelKinds) {
    it(`purifies ${kind} by every method`, async () => {
      for (const method of purificationMethods) {
        const model = GraphModel.random(
          { kind, layers: 2, hidden: 8, inputs: 3, classes: 2, readout: 'mean', batchNorm: method !== 'anp' },
          new Rng(5),
        );
        // At a threshold of 1 every neuron is pruned: what is left must be a model still.
        const result = await purify(input(model, labels, { options: { ...quick, method, anpThreshold: 1 } }));
        const purified = weights(result.student);
        assert.ok(purified.every(Number.isFinite), method);
        assert.notDeepEqual(purified, weights(model), method);
        result.disposeModels();
        model.dispose();
      }
    });
  }

  it('takes the model to compare with from elsewhere, where it only compares with it', async () => {
    const model = suspect(labels);
    for (const method of ['graphnad', 'graphnad-paper'] as const) {
      const tensors = tf.memory().numTensors;
      const purifying = input(model, labels, { options: { ...quick, method } });
      const stages = new Set<string>();
      let asked = 0;
      const beside = await purify({
        ...purifying,
        onProgress: ({ stage }) => stages.add(stage),
        startFineTuning: () => () => {
          asked++;
          return fineTuneSuspect(purifying);
        },
      });
      assert.equal(asked, method === 'graphnad' ? 1 : 0);
      assert.ok(!stages.has('fine-tuning'));
      const here = await purify(purifying);
      assert.deepEqual(weights(beside.fineTuned), weights(here.fineTuned));
      assert.deepEqual(weights(beside.student), weights(here.student));
      [beside, here].forEach((result) => result.disposeModels());
      assert.equal(tf.memory().numTensors, tensors);
    }
    model.dispose();
  });

  it('lets the process answer while it runs', async () => {
    const model = suspect(labels);
    let answered = 0;
    const timer = setInterval(() => answered++, 1);
    const result = await purify(input(model, labels));
    clearInterval(timer);
    assert.ok(answered > 3, `${answered} answers`);
    result.disposeModels();
    model.dispose();
  });

  it('refuses a clean set without a class', async () => {
    const model = suspect(labels);
    const clean = cleanGraphs(8, labels).filter((graph) => graph.classLabel === 0);
    await assert.rejects(purify(input(model, labels, { clean })), CleanSetError);
    model.dispose();
  });
});

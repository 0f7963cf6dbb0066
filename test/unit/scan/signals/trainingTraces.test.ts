import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { attack } from '../../../../server/src/attack/attacks';
import type { GraphModel } from '../../../../server/src/gnn/graphModel';
import { NormalisedOutputs } from '../../../../server/src/scan/signals/normalisedOutputs';
import {
  evidenceAlong,
  evidenceByClass,
  measureTrainingTraces,
} from '../../../../server/src/scan/signals/trainingTraces';
import { meanOf } from '../../../../server/src/scan/signals/whitening';
import { signedLog } from '../../../../server/src/scan/statistics';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { batchNormEpsilon } from '../../../../server/src/tensor/linearRelu';
import { architecture, layout, molecules, trainedModel } from '../synthetic/trained';

const clean = molecules.slice(0, 24);

async function poisonedModel(target: number): Promise<GraphModel> {
  const { model } = await attack({
    ...{ train: molecules, layout, architecture, seed: 1 },
    options: { kind: 'topology', target, poisoningRate: 0.15 },
    training: { epochs: 20, learningRate: 0.01 },
    signal: new AbortController().signal,
  });
  return model;
}

async function byClass(model: GraphModel, seed = 0): Promise<readonly number[]> {
  const traces = await measureTrainingTraces({ model, clean, layout, seed });
  assert.ok(traces.kind === 'read');
  return traces.byClass;
}

describe('measureTrainingTraces', () => {
  let plain: GraphModel;

  before(async () => {
    await selectBackend('graphnad');
    plain = await trainedModel();
  });

  after(() => plain.dispose());

  it('finds the poison that clean training does not leave, and the class it leads to', async () => {
    const poisoned = await poisonedModel(1);
    const [traces, none] = [await byClass(poisoned), await byClass(plain)];
    assert.ok(traces[1] > 1, `toward the target ${traces[1]}`);
    assert.ok(traces[1] > traces[0]);
    assert.ok(Math.max(...none) < traces[1]);
    poisoned.dispose();
  });

  it('gives the same for the same seed, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    assert.deepEqual(await byClass(plain, 3), await byClass(plain, 3));
    assert.equal(tf.memory().numTensors, before);
  });

  it('says where there are no statistics of the training', async () => {
    const model = await trainedModel({ batchNorm: false });
    assert.deepEqual(await measureTrainingTraces({ model, clean, layout, seed: 0 }), { kind: 'absent' });
    model.dispose();
  });

  it('says where the statistics were taken on the clean graphs', async () => {
    const model = plain.clone();
    const outputs = NormalisedOutputs.of(model)!;
    const moments = meanOf(await outputs.moments(clean, layout));
    outputs.dispose();
    const { mean, variance } = model.linearLayers().at(-2)!.norm!.running;
    mean.forEach((value, j) => {
      const squaredScale = variance[j] + batchNormEpsilon;
      mean[j] = value + moments[j] * Math.sqrt(squaredScale);
      variance[j] = (moments[mean.length + j] - moments[j] ** 2) * squaredScale - batchNormEpsilon;
    });
    assert.deepEqual(await measureTrainingTraces({ model, clean, layout, seed: 0 }), { kind: 'overwritten' });
    model.dispose();
  });

  it('stops when asked to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const before = tf.memory().numTensors;
    await assert.rejects(measureTrainingTraces({ model: plain, clean, layout, seed: 0, signal }), /enough/);
    assert.equal(tf.memory().numTensors, before);
  });
});

describe('evidenceAlong', () => {
  const change = Float64Array.of(30, 40);

  it('is the log-likelihood ratio at the rate that fits', () => {
    const difference = change.map((value) => 0.1 * value);
    // 0.1 * 0.1 * 2500 / 2
    assert.ok(Math.abs(evidenceAlong(change, difference) - signedLog(12.5)) < 1e-12);
  });

  it('speaks against a trigger that no rate of poisoning would hide', () => {
    assert.ok(evidenceAlong(change, new Float64Array(2)) < 0);
    assert.ok(evidenceAlong(change, Float64Array.of(-3, -4)) < evidenceAlong(change, new Float64Array(2)));
  });

  it('takes nothing for poison that would have to be most of the training', () => {
    const farther = change.map((value) => 3 * value);
    const rate = 0.15;
    assert.ok(Math.abs(evidenceAlong(change, farther) - signedLog(rate * 7500 - (rate * rate * 2500) / 2)) < 1e-9);
  });
});

describe('evidenceByClass', () => {
  it('counts evidence for a class by how far triggers lead there', () => {
    const explanations = Array.from({ length: 20 }, (_, i) => ({ evidence: i < 9 ? 4 : 1, flips: [0.5, 1] }));
    assert.deepEqual(evidenceByClass(explanations, 2), [1, 4]);
  });

  it('does not let triggers that lead nowhere speak against a backdoor less than others', () => {
    const against = Array.from({ length: 12 }, () => ({ evidence: -2, flips: [0, 1] }));
    assert.deepEqual(evidenceByClass(against, 2), [-2, -2]);
    assert.deepEqual(evidenceByClass([], 2), [0, 0]);
  });
});

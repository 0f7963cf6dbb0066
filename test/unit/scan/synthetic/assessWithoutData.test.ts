import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '../../../../server/src/checkpoint/checkpoint';
import { distanceFromTraining } from '../../../../server/src/gnn/normStatistics';
import { GraphModel } from '../../../../server/src/gnn/graphModel';
import { recogniseArchitecture } from '../../../../server/src/gnn/recognise';
import { argmaxRows, predictLogits } from '../../../../server/src/gnn/predict';
import type { Readout } from '../../../../protocol/model';
import { assessWithoutData } from '../../../../server/src/scan/synthetic/assessWithoutData';
import { syntheticCleanSet } from '../../../../server/src/scan/synthetic/syntheticCleanSet';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { trainedModel } from './trained';

describe('scanning without data', function () {
  this.timeout(30_000);
  let tensors: Map<string, Tensor>;
  let noNorm: Map<string, Tensor>;

  before(async () => {
    await selectBackend('graphnad');
    tensors = await tensorsOf({});
    noNorm = await tensorsOf({ batchNorm: false });
  });

  const build = (readout: Readout): GraphModel =>
    GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors, { readout }));

  it('makes up graphs of both classes that look to the model like its training graphs', () => {
    const before = tf.memory().numTensors;
    const set = syntheticCleanSet(build, undefined, 0);
    assert.ok(typeof set !== 'string');
    const { model, graphs, layout, readout } = set;
    assert.equal(readout, 'sum');
    const classes = argmaxRows(predictLogits(model, graphs, layout), 2);
    assert.deepEqual([...classes], graphs.map(({ classLabel }) => classLabel)); // prettier-ignore
    assert.equal(new Set(classes).size, 2);
    assert.ok(distanceFromTraining(model, graphs, layout)!.mean < 0.3);
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it('makes up none where the features vary as labels cannot', () => {
    const wide = (readout: Readout): GraphModel => {
      const model = build(readout);
      model.linearLayers()[0].norm!.running.variance.forEach((value, j, all) => (all[j] = 20 * value));
      return model;
    };
    assert.match(reasonOf(syntheticCleanSet(wide, undefined, 0)), /not those of one-hot node labels/);
  });

  it('keeps to a readout that is vouched for', () => {
    const set = syntheticCleanSet(build, 'mean', 0);
    if (typeof set === 'string') assert.match(set, /into one class/);
    else {
      assert.equal(set.readout, 'mean');
      set.model.dispose();
    }
  });

  it('accuses or does not assess, but never clears a model', async () => {
    const recognition = recogniseArchitecture(tensors);
    const before = tf.memory().numTensors;
    const { verdict, architecture, notes } = await assessWithoutData({ tensors, recognition, seed: 0 });
    assert.equal(tf.memory().numTensors, before);
    assert.notEqual(verdict.kind, 'no-sign');
    assert.ok((verdict.evidence?.syntheticGraphs ?? 0) >= 10, 'the evidence is there, and says what it is of');
    assert.equal(architecture.readout, 'sum');
    assert.match(notes.join(' '), /sum is guessed from the size of the logits on made-up graphs/);
    assert.deepEqual((await assessWithoutData({ tensors, recognition, seed: 0 })).verdict, verdict);
  });

  it('says why no graphs can be made up', async () => {
    const recognition = recogniseArchitecture(noNorm);
    const { verdict } = await assessWithoutData({ tensors: noNorm, recognition, seed: 0 });
    assert.ok(verdict.kind === 'not-assessed' && verdict.evidence === undefined);
    assert.equal(verdict.code, 'GN904');
    assert.match(verdict.reason, /^no clean data set was given, and its first linear layer has no batch normalisation/);
  });

  it('stops when told to', async () => {
    const recognition = recogniseArchitecture(tensors);
    const run = assessWithoutData({ tensors, recognition, seed: 0, signal: AbortSignal.abort() });
    await assert.rejects(run, { name: 'AbortError' });
  });
});

function reasonOf(set: ReturnType<typeof syntheticCleanSet>): string {
  assert.ok(typeof set === 'string');
  return set;
}

async function tensorsOf(changes: Parameters<typeof trainedModel>[0]): Promise<Map<string, Tensor>> {
  const model = await trainedModel(changes);
  const entries = model.stateDict().map(({ name, dtype, shape, values }): [string, Tensor] => {
    const kept = Float64Array.from(values);
    return [name, { name, dtype, shape, values: () => kept }];
  });
  model.dispose();
  return new Map(entries);
}

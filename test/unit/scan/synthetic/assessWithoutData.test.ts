import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '../../../../server/src/checkpoint/checkpoint';
import { recogniseArchitecture } from '../../../../server/src/gnn/recognise';
import { assessWithoutData } from '../../../../server/src/scan/synthetic/assessWithoutData';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { trainedTensors } from './trained';

describe('scanning without data', function () {
  this.timeout(30_000);
  let tensors: Map<string, Tensor>;
  let noNorm: Map<string, Tensor>;

  before(async () => {
    await selectBackend('graphnad');
    tensors = await trainedTensors({});
    noNorm = await trainedTensors({ batchNorm: false });
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

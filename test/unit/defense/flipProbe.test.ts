import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { FlipProbe } from '../../../server/src/defense/flipProbe';
import type { GraphModel } from '../../../server/src/gnn/graphModel';
import { argmaxRows, predictLogits } from '../../../server/src/gnn/predict';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { attackData, smallAttack } from '../../support/attacks';

describe('the flip probe', function () {
  this.timeout(30_000);
  const data = attackData();
  const { test: clean, layout } = data;
  let backdoored: GraphModel;
  before(async () => {
    await selectBackend('graphnad');
    backdoored = (await smallAttack(data, { kind: 'subgraph' })).model;
  });
  after(() => backdoored.dispose());

  const predictionsOf = (model: GraphModel): Int32Array => argmaxRows(predictLogits(model, clean, layout), 2);
  const probe = (suspect: GraphModel, seed = 1): FlipProbe =>
    new FlipProbe({ suspect, clean, layout }, new Rng(seed, 'flip-probe'));

  it('finds a trigger that flips many graphs of a backdoored model', () => {
    const made = probe(backdoored);
    const asr = made.flipAsr(backdoored, predictionsOf(backdoored));
    assert.ok(asr !== undefined && asr > 0.5, `flip ASR ${asr}`);
  });

  it('measures every model on the same trigger, and repeats for a seed', () => {
    const deaf = backdoored.clone();
    const { bias, weight } = deaf.parameters.output;
    const made = probe(backdoored);
    // It says the other class whatever it sees.
    tf.tidy(() => {
      weight.assign(tf.zerosLike(weight));
      bias.assign(tf.tensor1d([made.target, 1 - made.target]));
    });
    const first = made.flipAsr(backdoored, predictionsOf(backdoored));
    assert.equal(made.flipAsr(deaf, predictionsOf(deaf)), 0);
    assert.equal(made.flipAsr(backdoored, predictionsOf(backdoored)), first);
    assert.equal(probe(backdoored).flipAsr(backdoored, predictionsOf(backdoored)), first);
    deaf.dispose();
  });

  it('has no figure where no graph is left to flip', () => {
    const made = probe(backdoored);
    assert.equal(made.flipAsr(backdoored, new Int32Array(clean.length).fill(made.target)), undefined);
  });

  it('leaves no tensors behind', () => {
    const tensors = tf.memory().numTensors;
    probe(backdoored).flipAsr(backdoored, predictionsOf(backdoored));
    assert.equal(tf.memory().numTensors, tensors);
  });
});

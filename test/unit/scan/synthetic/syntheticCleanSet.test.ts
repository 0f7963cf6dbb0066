import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import type { Readout } from '../../../../protocol/model';
import type { Tensor } from '../../../../server/src/checkpoint/checkpoint';
import { GraphModel } from '../../../../server/src/gnn/graphModel';
import { distanceFromTraining } from '../../../../server/src/gnn/normStatistics';
import { argmaxRows, predictLogits } from '../../../../server/src/gnn/predict';
import { recogniseArchitecture } from '../../../../server/src/gnn/recognise';
import { syntheticCleanSet } from '../../../../server/src/scan/synthetic/syntheticCleanSet';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { trainedTensors } from './trained';

describe('made-up graphs in place of a clean set', function () {
  this.timeout(30_000);
  let tensors: Map<string, Tensor>;

  before(async () => {
    await selectBackend('graphnad');
    tensors = await trainedTensors();
  });

  const build = (readout: Readout): GraphModel =>
    GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors, { readout }));

  it('are of both classes and look to the model like its training graphs', () => {
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

  it('are none where the features vary as labels cannot', () => {
    const wide = (readout: Readout): GraphModel => {
      const model = build(readout);
      model.linearLayers()[0].norm!.running.variance.forEach((value, j, all) => (all[j] = 20 * value));
      return model;
    };
    assert.match(reasonOf(syntheticCleanSet(wide, undefined, 0)), /not those of one-hot node labels/);
  });

  it('keep to a readout that is vouched for', () => {
    const set = syntheticCleanSet(build, 'mean', 0);
    if (typeof set === 'string') assert.match(set, /into one class/);
    else {
      assert.equal(set.readout, 'mean');
      set.model.dispose();
    }
  });
});

function reasonOf(set: ReturnType<typeof syntheticCleanSet>): string {
  assert.ok(typeof set === 'string');
  return set;
}

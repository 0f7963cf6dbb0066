import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { collate } from '../../../../server/src/graph/batch';
import { unfolded } from '../../../../server/src/graph/fold';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { testedBackends } from '../../../support/backends';
import { builtPlan, plannedGraphs, plannedModels, pytorchLayout } from '../../../support/pytorchModels';
import { assertSameRun, runOf } from '../../../support/pytorchRuns';

describe('models of many shapes', () => {
  for (const backend of testedBackends) {
    describe(`on ${backend}`, () => {
      before(() => selectBackend(backend));
      after(() => selectBackend('graphnad'));

      for (const fixture of plannedModels) {
        it(`${fixture.name}: the logits, gradients and statistics of PyTorch`, () => {
          const before = tf.memory().numTensors;
          const model = builtPlan(fixture);
          const batch = collate(plannedGraphs, pytorchLayout);
          assertSameRun(runOf(model, batch, {}), fixture.frozen);
          for (const options of [{}, { folding: unfolded(batch) }]) {
            const copy = model.clone();
            assertSameRun(runOf(copy, batch, { ...options, training: true }), fixture.training);
            copy.dispose();
          }
          model.dispose();
          assert.equal(tf.memory().numTensors, before);
        });
      }
    });
  }
});

import assert from 'node:assert/strict';
import { GraphModel } from '../../../../server/src/gnn/graphModel';
import { collate } from '../../../../server/src/graph/batch';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { testedBackends } from '../../../support/backends';
import {
  builtPlan,
  plannedGraphs,
  plannedModels,
  pytorchGraphs,
  pytorchLayout,
  pytorchModels,
  pytorchTensors,
} from '../../../support/pytorchModels';
import { assertRuns } from '../../../support/pytorchRuns';
import { usualPlan } from '../../../support/usualPlans';

describe('planned models have the logits, gradients and statistics of PyTorch', () => {
  for (const backend of testedBackends) {
    describe(`on ${backend}`, () => {
      before(() => selectBackend(backend));
      after(() => selectBackend('graphnad'));

      for (const fixture of plannedModels) {
        it(fixture.name, () => {
          assertRuns(() => builtPlan(fixture), collate(plannedGraphs, pytorchLayout), fixture);
        });
      }

      for (const { file, architecture, ...expected } of pytorchModels) {
        it(`${file}, which is of the usual shape`, () => {
          const build = (): GraphModel => {
            // Each layer's eps is what its tensor holds.
            const tensors = pytorchTensors(file);
            const eps = Array.from({ length: architecture.layers }, (_, i) => {
              return Number(tensors.get(`convs.${i}.eps`)?.values()[0] ?? 0);
            });
            return GraphModel.fromCheckpoint(tensors, {
              architecture: { ...architecture, eps },
              names: usualPlan(architecture),
            });
          };
          assertRuns(build, collate(pytorchGraphs, pytorchLayout), expected);
        });
      }
    });
  }

  it('but not with features of another width, or with bounds in training', async () => {
    await selectBackend('cpu');
    const model = builtPlan(plannedModels[0]);
    const batch = collate(plannedGraphs, { ...pytorchLayout, width: 4, labelColumns: 4 });
    assert.throws(() => model.forward(batch), /takes 3 features a node, the graphs have 4/);
    const fitting = collate(plannedGraphs, pytorchLayout);
    assert.throws(() => model.forward(fitting, { training: true, bounds: { layers: [] } }), /frozen/);
    model.dispose();
  });
});

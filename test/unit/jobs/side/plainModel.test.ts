import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readCheckpoint } from '../../../../server/src/checkpoint/readCheckpoint';
import { GraphModel } from '../../../../server/src/gnn/graphModel';
import { predictLogits } from '../../../../server/src/gnn/predict';
import { recogniseArchitecture } from '../../../../server/src/gnn/recognise';
import { modelOfPlain, plainModel } from '../../../../server/src/jobs/side/plainModel';
import { builtPlan, plannedGraphs, plannedModels, pytorchLayout } from '../../../support/pytorchModels';
import { useTinyWorkspace } from '../../../support/tinyWorkspace';

describe('plainModel', () => {
  const workspace = useTinyWorkspace();

  it('is the same model after a journey, weight for weight', () => {
    const file = workspace().model;
    const { tensors } = readCheckpoint(readFileSync(file), file);
    const recognition = recogniseArchitecture(tensors, { readout: 'mean' });
    const model = GraphModel.fromCheckpoint(tensors, recognition);
    const arrived = modelOfPlain(structuredClone(plainModel(model)));
    assert.deepEqual(arrived.stateDict(), model.stateDict());
    assert.deepEqual(arrived.architecture, model.architecture);
    model.dispose();
    arrived.dispose();
  });

  it('is computed in the same way, whatever its shape', () => {
    for (const fixture of plannedModels) {
      const model = builtPlan(fixture);
      const arrived = modelOfPlain(structuredClone(plainModel(model)));
      const [here, there] = [model, arrived].map((each) => predictLogits(each, plannedGraphs, pytorchLayout));
      assert.deepEqual(there, here, fixture.name);
      model.dispose();
      arrived.dispose();
    }
  });
});

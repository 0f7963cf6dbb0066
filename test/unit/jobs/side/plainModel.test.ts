import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readCheckpoint } from '../../../../server/src/checkpoint/readCheckpoint';
import { GraphModel } from '../../../../server/src/gnn/graphModel';
import { recogniseArchitecture } from '../../../../server/src/gnn/recognise';
import { modelOfPlain, plainModel } from '../../../../server/src/jobs/side/plainModel';
import { useTinyWorkspace } from '../../../support/tinyWorkspace';

describe('plainModel', () => {
  const workspace = useTinyWorkspace();

  it('is the same model after a journey, weight for weight', () => {
    const file = workspace().model;
    const { tensors } = readCheckpoint(readFileSync(file), file);
    const recognition = recogniseArchitecture(tensors, { readout: 'mean' });
    const model = GraphModel.fromCheckpoint(tensors, recognition);
    const arrived = modelOfPlain(structuredClone(plainModel(model, recognition)));
    assert.deepEqual(arrived.stateDict(), model.stateDict());
    assert.deepEqual(arrived.architecture, model.architecture);
    model.dispose();
    arrived.dispose();
  });
});

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ArchitectureSummary } from '../../../protocol/model';
import { createPyTorchCheckpoint } from '../../../server/src/checkpoint/createCheckpoint';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { Rng } from '../../../server/src/graph/rng';
import { BenignModelError, openBenignModel } from '../../../server/src/jobs/benignModel';
import { openModel } from '../../../server/src/jobs/runModel';
import { ogbData, ogbFolder } from '../../support/ogb';
import { useTinyWorkspace } from '../../support/tinyWorkspace';
import { useTmpFolder } from '../../support/tmpFolder';

describe('a model that was never poisoned', () => {
  const workspace = useTinyWorkspace();
  const at = useTmpFolder();

  /** Opens one beside the workspace's model: that one itself, or one of another architecture. */
  async function openBeside(change?: Partial<ArchitectureSummary>, override?: Partial<ArchitectureSummary>) {
    const suspect = await openModel({ model: workspace().model, data: workspace().data });
    try {
      let file = workspace().model;
      if (change !== undefined) {
        file = at('other.pt');
        const other = GraphModel.random({ ...suspect.model.architecture, ...change }, new Rng(2, 'other'));
        writeFileSync(file, createPyTorchCheckpoint(other.stateDict()));
        other.dispose();
      }
      const benign = await openBenignModel(file, suspect, override);
      benign.model.dispose();
      return { notes: benign.notes, sha256: benign.file.sha256, suspect: suspect.file.sha256 };
    } finally {
      suspect.model.dispose();
    }
  }

  it('is opened as it is, without a word where it is of the same architecture', async () => {
    const { notes, sha256, suspect } = await openBeside();
    assert.deepEqual([notes, sha256], [[], suspect]);
  });

  it('is told from one of another architecture, which is no good measure', async () => {
    const { notes } = await openBeside({ hidden: 8 });
    assert.equal(notes.length, 1);
    assert.match(notes[0], /another architecture: GIN, 2 layers, \d+ -> 8 -> 2, .* Its floor says less/);
    assert.deepEqual((await openBeside({}, { readout: 'sum' })).notes, [], 'the user vouches for both');
  });

  it('takes the same features and tells the same classes, or the error says what is different, and of which file', async () => {
    const refused = async (change: Partial<ArchitectureSummary>, reason: RegExp): Promise<void> => {
      await assert.rejects(openBeside(change), (error) => {
        assert.ok(error instanceof BenignModelError);
        assert.equal(error.file, at('other.pt'));
        assert.match(error.reason, reason);
        assert.ok(error.message.startsWith(`${error.file}: `));
        return true;
      });
    };
    await refused({ inputs: 3 }, /^it has 3 feature columns, and the model it is compared with \d+$/);
    await refused({ classes: 4 }, /^it has 4 classes, and the model it is compared with 2$/);
  });

  it('embeds the same numbers, where the model that it is compared with embeds some', async () => {
    const suspect = await openModel({ model: path.join(ogbFolder, 'ogb-gin.pt'), data: ogbData });
    try {
      const { model } = await openBenignModel(path.join(ogbFolder, 'ogb-gin-virtual.pt'), suspect);
      model.dispose();
      const usual = {
        kind: 'gin',
        layers: 2,
        hidden: 4,
        inputs: 9,
        classes: 2,
        readout: 'sum',
        batchNorm: true,
      } as const;
      const other = GraphModel.random(usual, new Rng(2, 'other'));
      writeFileSync(at('usual.pt'), createPyTorchCheckpoint(other.stateDict()));
      other.dispose();
      await assert.rejects(openBenignModel(at('usual.pt'), suspect), {
        name: 'BenignModelError',
        reason: 'it embeds other numbers than the model it is compared with',
      });
    } finally {
      suspect.model.dispose();
    }
  });

  it('is a model: other files are named with the reason', async () => {
    const suspect = await openModel({ model: workspace().model, data: workspace().data });
    try {
      await assert.rejects(openBenignModel(at('none.pt'), suspect), { name: 'CheckpointError', file: at('none.pt') });
      const tensor = { name: 'weight', dtype: 'float32', shape: [2], values: [1, 2] } as const;
      writeFileSync(at('one.pt'), createPyTorchCheckpoint([tensor]));
      await assert.rejects(openBenignModel(at('one.pt'), suspect), { name: 'BenignModelError', file: at('one.pt') });
    } finally {
      suspect.model.dispose();
    }
  });
});

import assert from 'node:assert/strict';
import { modelKinds } from '../../../protocol/model';
import { newArchitecture } from '../../../server/src/jobs/newArchitecture';
import { loadTrainingData } from '../../../server/src/jobs/trainingData';
import { useTinyWorkspace } from '../../support/tinyWorkspace';

describe('newArchitecture', () => {
  const workspace = useTinyWorkspace();

  it('takes its ends from the data and the rest from the choice', async () => {
    const data = await loadTrainingData(workspace().data, 'auto', 0, undefined);
    const size = { layers: 3, hidden: 64, inputs: data.layout.width, classes: 2, readout: 'sum', batchNorm: true };
    assert.deepEqual(newArchitecture({}, data), { kind: 'gin', ...size, eps: [0, 0, 0] });
    const small = newArchitecture({ kind: 'gat', layers: 1, hidden: 8, heads: 2, batchNorm: false }, data);
    assert.deepEqual(small, { kind: 'gat', ...size, layers: 1, hidden: 8, heads: 2, batchNorm: false });
    for (const kind of modelKinds) {
      const { eps, heads } = newArchitecture({ kind }, data);
      assert.equal(eps !== undefined, kind === 'gin');
      assert.equal(heads, kind.startsWith('gat') ? 4 : undefined);
    }
  });
});

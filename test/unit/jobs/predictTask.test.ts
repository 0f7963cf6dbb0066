import assert from 'node:assert/strict';
import { predictModel } from '../../../server/src/jobs/predictTask';
import { useTinyWorkspace } from '../../support/tinyWorkspace';

describe('predictModel', () => {
  const workspace = useTinyWorkspace();

  it('gives the same logits for all graphs and for some of them', async () => {
    const run = { model: workspace().model, data: workspace().data, backend: 'graphnad' } as const;
    const all = await predictModel(run);
    assert.equal(all.logits.length, workspace().graphs);
    const some = await predictModel({ ...run, graphs: [7, 3] });
    assert.deepEqual(some.graphs, [7, 3]);
    some.graphs.forEach((id, row) =>
      some.logits[row].forEach((logit, c) => assert.ok(Math.abs(logit - all.logits[id][c]) < 1e-4)),
    );
  });

  it('names a graph that does not exist', async () => {
    const run = { model: workspace().model, data: workspace().data, graphs: [120] };
    await assert.rejects(predictModel(run), /graph 120 does not exist: .* has 120/);
  });
});

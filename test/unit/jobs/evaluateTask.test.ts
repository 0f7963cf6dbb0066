import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { evaluateModel } from '../../../server/src/jobs/evaluateTask';
import { useTinyWorkspace } from '../../support/tinyWorkspace';
import { useTmpFolder } from '../../support/tmpFolder';

describe('evaluateModel', () => {
  const workspace = useTinyWorkspace();
  const at = useTmpFolder();
  const run = (): { model: string; data: string } => ({ model: workspace().model, data: workspace().data });

  it('measures accuracy on the test split', async () => {
    const result = await evaluateModel(run());
    assert.equal(result.testGraphs, 24);
    assert.ok(result.acc > 0.6 && result.acc <= 1, `accuracy ${result.acc}`);
    assert.equal(result.asr, undefined);
  });

  it('measures the attack of a trigger file', async () => {
    const trigger = {
      kind: 'test',
      target: 0,
      nodes: 3,
      edges: [
        [0, 1],
        [1, 2],
        [0, 2],
      ],
      attach: 'replace-degree',
    };
    writeFileSync(at('trigger.json'), JSON.stringify(trigger));
    const result = await evaluateModel({ ...run(), trigger: at('trigger.json') });
    assert.ok(result.asr !== undefined && result.asr >= 0 && result.asr <= 1);
    assert.ok((result.attackedGraphs ?? 0) > 5);
    const beside = await evaluateModel({ ...run(), trigger: at('trigger.json'), benign: workspace().model });
    const { file, sha256, ...figures } = beside.benign ?? assert.fail('the model beside it was not measured');
    assert.deepEqual([file, sha256.length], [workspace().model, 64]);
    const { acc, asr, flipAsr, cleanTargetRate } = result;
    assert.deepEqual(figures, { acc, asr, flipAsr, cleanTargetRate });
  });

  it('takes the test graphs it is given', async () => {
    assert.equal((await evaluateModel({ ...run(), testIds: [1, 2, 3] })).testGraphs, 3);
  });

  it('names a trigger file that is not there', async () => {
    await assert.rejects(evaluateModel({ ...run(), trigger: at('none.json') }), { name: 'TriggerFileError' });
  });
});

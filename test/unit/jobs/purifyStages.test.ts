import assert from 'node:assert/strict';
import { StageProgress, type StageKey } from '../../../server/src/jobs/purifyStages';

const keys: readonly StageKey[] = ['search', 'fine-tuning', 'bounds', 'teacher', 'student', 'rescan'];

describe('StageProgress', () => {
  it('begins at nothing and ends at the whole', () => {
    const progress = new StageProgress();
    const { stages, ...first } = progress.at('search', 0);
    assert.deepEqual(first, { stage: 'Search for a trigger', stageIndex: 0, stageCount: 6, fraction: 0 });
    assert.deepEqual([stages?.length, stages?.[0], stages?.at(-1)], [6, 'Search for a trigger', 'Re-scan']);
    for (const key of keys) {
      const { fraction } = progress.at(key, 1);
      assert.equal(progress.at(key, 0.5).fraction, fraction, `${key} goes back`);
    }
    assert.ok(Math.abs(progress.at('rescan', 1).fraction - 1) < 1e-12);
  });

  it('counts what goes on beside the stage that is shown', () => {
    const progress = new StageProgress();
    const { fraction } = progress.at('teacher', 0.5);
    const both = progress.beside('search', 0.5);
    assert.equal(both.stage, 'Teacher');
    assert.ok(both.fraction > fraction);
    assert.equal(progress.at('teacher', 0.5).fraction, both.fraction);
  });
});

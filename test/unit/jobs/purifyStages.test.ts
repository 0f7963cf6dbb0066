import assert from 'node:assert/strict';
import { stageProgress } from '../../../server/src/jobs/purifyStages';

describe('stageProgress', () => {
  it('begins at nothing and ends at the whole', () => {
    assert.deepEqual(stageProgress('search', 0), {
      stage: 'Search for a trigger',
      stageIndex: 0,
      stageCount: 6,
      fraction: 0,
    });
    assert.ok(Math.abs(stageProgress('rescan', 1).fraction - 1) < 1e-12);
    assert.ok(Math.abs(stageProgress('teacher', 1).fraction - stageProgress('student', 0).fraction) < 1e-12);
  });
});

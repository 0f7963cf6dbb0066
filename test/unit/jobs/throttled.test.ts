import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { throttled } from '../../../server/src/jobs/throttled';
import type { JobProgress } from '../../../protocol/reports';

describe('throttled', () => {
  let now = 0;
  const at = (stage: string, fraction: number): JobProgress => ({ stage, stageIndex: 0, stageCount: 2, fraction });

  beforeEach(() => {
    now = 0;
    mock.method(performance, 'now', () => now);
  });
  afterEach(() => mock.restoreAll());

  function heard(isNews?: (progress: JobProgress) => boolean): { report: (p: JobProgress) => void; let: string[] } {
    const through: string[] = [];
    return {
      report: throttled(({ stage, fraction }) => through.push(`${stage} ${fraction}`), 100, isNews),
      let: through,
    };
  }

  it('lets through one an interval, and the first at once', () => {
    const { report, let: through } = heard();
    for (const [time, fraction] of [
      [0, 0],
      [99, 0.1],
      [100, 0.2],
      [150, 0.3],
      [199, 0.4],
      [200, 0.5],
    ]) {
      // prettier-ignore
      now = time;
      report(at('Scan', fraction));
    }
    assert.deepEqual(through, ['Scan 0', 'Scan 0.2', 'Scan 0.5']);
  });

  it('lets through every new stage', () => {
    const { report, let: through } = heard();
    for (const stage of ['Teacher', 'Teacher', 'Student', 'Teacher']) report(at(stage, 0));
    assert.deepEqual(through, ['Teacher 0', 'Student 0', 'Teacher 0']);
  });

  it('lets through what is news by itself', () => {
    const { report, let: through } = heard(({ fraction }) => fraction >= 1);
    for (const fraction of [0, 0.5, 1, 1]) report(at('Scan', fraction));
    assert.deepEqual(through, ['Scan 0', 'Scan 1', 'Scan 1']);
  });
});

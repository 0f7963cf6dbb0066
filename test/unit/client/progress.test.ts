import assert from 'node:assert/strict';
import { ProgressBar, progressText, secondsLeft } from '../../../client/progress';

describe('progress of a job', () => {
  it('names the stage, the epoch and the share', () => {
    const job = { stage: 'Teacher', stageIndex: 1, stageCount: 4, fraction: 0.427 };
    assert.equal(progressText({ ...job, epoch: 5, epochs: 8 }), 'Teacher, epoch 5 of 8 (42%)');
    assert.equal(progressText({ ...job, epoch: 5 }), 'Teacher, epoch 5 (42%)');
    assert.equal(progressText(job), 'Teacher (42%)');
  });

  it('estimates the time left once there is a speed', () => {
    assert.equal(secondsLeft(0.01, 1000), undefined);
    assert.equal(secondsLeft(0.25, 5000), 15);
    assert.equal(secondsLeft(1, 5000), undefined);
  });

  it('never lets the bar run backwards or over its end', () => {
    const bar = new ProgressBar();
    assert.deepEqual(
      [0.1, 0.5, 0.3, 0.6, 1.2].map((fraction) => Math.round(bar.increment(fraction))),
      [10, 40, 0, 10, 40],
    );
  });
});

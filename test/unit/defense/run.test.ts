import assert from 'node:assert/strict';
import { Run, type PurifyProgress } from '../../../server/src/defense/run';

describe('Run', () => {
  it('passes progress on and keeps the curves of teacher and student', () => {
    const seen: PurifyProgress[] = [];
    const run = new Run(new AbortController().signal, (progress) => seen.push(progress));
    const point = { epoch: 1, epochs: 2, losses: { ce: 0.5 }, accuracy: 0.75, asr: 0.5 };
    for (const stage of ['fine-tuning', 'bounds', 'teacher', 'student'] as const) run.report({ stage, ...point });
    assert.equal(seen.length, 4);
    assert.deepEqual(run.curves, [
      { stage: 'teacher', epoch: 1, losses: { ce: 0.5 }, accuracy: 0.75, asr: 0.5 },
      { stage: 'student', epoch: 1, losses: { ce: 0.5 }, accuracy: 0.75, asr: 0.5 },
    ]);
  });

  it('lets other work run, and stops once aborted', async () => {
    const controller = new AbortController();
    const run = new Run(controller.signal, () => undefined);
    let ran = false;
    setImmediate(() => (ran = true));
    await run.breathe();
    assert.ok(ran);
    controller.abort();
    await assert.rejects(run.breathe(), { name: 'AbortError' });
  });
});

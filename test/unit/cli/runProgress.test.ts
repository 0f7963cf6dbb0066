import assert from 'node:assert/strict';
import type { RunState } from '../../../server/src/cli/progressTable';
import { RunProgress } from '../../../server/src/cli/runProgress';

describe('RunProgress', () => {
  it('counts what is done and failed, and reckons with what has begun', () => {
    let now = 5_000_000;
    let told = 0;
    const counts = new RunProgress(
      { unit: 'models', total: 4 },
      () => told++,
      () => now,
    );
    const latest = (): RunState => counts.state();
    const at = (fraction: number): Parameters<typeof first.progress>[0] => ({
      ...{ stage: 'Backdoor scan', stageIndex: 0, stageCount: 1, fraction },
    });
    const first = counts.begin('a.pt');
    const second = counts.begin('b.pt');
    assert.equal(told, 0);
    now += 30_000;
    first.onStart();
    first.progress(at(0.5));
    const half = [{ name: 'a.pt', stage: 'Backdoor scan', fraction: 0.5 }];
    assert.deepEqual(latest(), { unit: 'models', total: 4, done: 0, failed: 0, running: half });
    now += 30_000;
    first.end(false);
    assert.deepEqual(latest(), {
      unit: 'models',
      total: 4,
      done: 1,
      failed: 0,
      running: [],
      rate: 1,
      secondsLeft: 180,
    });
    second.onStart();
    second.onAsk();
    assert.deepEqual(latest().running, []);
    second.onStart();
    assert.deepEqual(latest().running, [{ name: 'b.pt', stage: undefined, fraction: undefined }]);
    second.progress(at(0.5));
    assert.equal(latest().secondsLeft, 100);
    second.end(true);
    assert.deepEqual([latest().done, latest().failed, told], [2, 1, 7]);
  });
});

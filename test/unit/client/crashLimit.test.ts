import assert from 'node:assert/strict';
import { CrashLimit } from '../../../client/crashLimit';

const minute = 60_000;

describe('CrashLimit', () => {
  it('allows four crashes within three minutes, not five', () => {
    const limit = new CrashLimit();
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((second) => limit.mayRestart(second * 1000)),
      [true, true, true, true, false],
    );
  });

  it('forgets crashes that lie longer back', () => {
    const limit = new CrashLimit();
    for (let i = 0; i < 20; i++) assert.ok(limit.mayRestart(i * minute));
  });

  it('counts anew after a restart that was asked for', () => {
    const limit = new CrashLimit();
    for (let i = 0; i < 5; i++) limit.mayRestart(i);
    limit.reset();
    assert.ok(limit.mayRestart(6));
  });
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { isAlive } from '../../../server/src/jobs/isAlive';

describe('isAlive', () => {
  it('tells processes that run from those that have ended', async () => {
    assert.ok(isAlive(process.pid));
    const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    assert.ok(isAlive(child.pid!));
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.ok(!isAlive(child.pid!));
  });

  it("counts somebody else's, which may not be spoken to", () => {
    assert.ok(process.platform === 'win32' || isAlive(1));
  });
});

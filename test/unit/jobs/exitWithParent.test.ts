import assert from 'node:assert/strict';
import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { poolOptions } from '../../support/poolOptions';
import type { PoolTask } from '../../support/poolWorker';
import type { FromWorker, ToWorker } from '../../../server/src/jobs/messages';

describe('exitWithParent', () => {
  function startWorker(parent: number, task: PoolTask): ChildProcess {
    const worker = fork(poolOptions.script, [String(parent)], { execArgv: [] });
    worker.send({ type: 'run', job: 1, task } satisfies ToWorker<PoolTask>);
    return worker;
  }

  it('ends a busy process whose parent died before it had started', async function () {
    this.timeout(60_000);
    const { pid: ended } = spawnSync(process.execPath, ['--version']);
    const worker = startWorker(ended, { do: 'hang' });
    assert.deepEqual(await once(worker, 'exit'), [null, 'SIGKILL']);
  });

  it('leaves a process alone whose parent lives', async function () {
    this.timeout(60_000);
    // Long enough for its thread to look.
    const worker = startWorker(process.pid, { do: 'wait', milliseconds: 2500 });
    const [message] = (await once(worker, 'message')) as [FromWorker];
    worker.kill();
    assert.deepEqual(message, { type: 'result', job: 1, result: 'waited' });
  });
});

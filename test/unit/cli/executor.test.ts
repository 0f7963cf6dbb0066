import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { poolSize, withSecondTry } from '../../../server/src/cli/executor';
import { WorkerPool } from '../../../server/src/jobs/pool';
import { WorkerCrashedError } from '../../../server/src/jobs/workerProcess';
import { poolOptions } from '../../support/poolOptions';
import { isAlive } from '../../support/processes';

describe('where jobs of the command line are done', () => {
  it('is a process a core, fewer where each has several threads, or as many as somebody asks for', () => {
    assert.equal(poolSize({ jobs: 17, threads: 3 }), 17);
    assert.equal(poolSize({ jobs: undefined, threads: 16 * availableParallelism() }), 1);
    const usual = poolSize({ jobs: undefined, threads: 0 });
    assert.ok(usual >= 1 && usual <= availableParallelism());
    assert.equal(poolSize({ jobs: undefined, threads: 1 }), usual);
  });

  it('is asked twice where a job ended its process, and once where it failed', async () => {
    let started = 0;
    const pool = new WorkerPool({ ...poolOptions, size: 1, onJob: ({ what }) => (started += what === 'started' ? 1 : 0) }); // prettier-ignore
    const executor = withSecondTry(pool);
    try {
      assert.equal(executor.places, pool.places);
      await assert.rejects(executor.run({ do: 'exit', code: 3 }), WorkerCrashedError);
      assert.equal(started, 2);
      await assert.rejects(executor.run({ do: 'throw' }), { name: 'ParseError' });
      assert.equal(started, 3);
    } finally {
      await executor.dispose();
    }
    assert.deepEqual(pool.processIds.filter(isAlive), []);
  });
});

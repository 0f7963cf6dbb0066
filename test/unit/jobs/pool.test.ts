import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JobProgress } from '../../../protocol/reports';
import type { RunOptions } from '../../../server/src/jobs/executor';
import { JobError } from '../../../server/src/jobs/messages';
import { defaultPoolSize, WorkerPool, type PoolOptions } from '../../../server/src/jobs/pool';
import { JobCancelledError, WorkerCrashedError } from '../../../server/src/jobs/workerProcess';
import { bundled } from '../../support/bundled';
import { poolOptions } from '../../support/poolOptions';
import type { PoolTask } from '../../support/poolWorker';
import { isAlive, until } from '../../support/processes';
import { useTmpFolder } from '../../support/tmpFolder';

describe('WorkerPool', () => {
  const at = useTmpFolder();
  const pools: WorkerPool[] = [];

  function makePool(options: Partial<PoolOptions> = {}): WorkerPool {
    const pool = new WorkerPool({ ...poolOptions, size: 1, ...options });
    pools.push(pool);
    return pool;
  }

  const run = (pool: WorkerPool, task: PoolTask, options?: RunOptions): Promise<unknown> => pool.run(task, options);

  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.dispose()));
  });

  it('starts no process before there is work, and uses one again', async () => {
    const pool = makePool();
    assert.deepEqual(pool.processIds, []);
    const first = await run(pool, { do: 'pid' });
    assert.notEqual(first, process.pid);
    assert.equal(await run(pool, { do: 'pid' }), first);
    assert.deepEqual(pool.processIds, [first]);
  });

  it('carries typed arrays, maps and undefined there and back', async () => {
    const value = { array: Float32Array.of(1.5, NaN), map: new Map([['a', 1n]]), nothing: undefined };
    assert.deepEqual(await run(makePool(), { do: 'echo', value }), value);
  });

  it('refuses a task that is not plain data and goes on', async () => {
    const pool = makePool();
    await assert.rejects(run(pool, { do: 'echo', value: () => 1 }), /could not be cloned/);
    assert.equal(await run(pool, { do: 'echo', value: 1 }), 1);
  });

  it('brings an error back with its name and fields', async () => {
    await assert.rejects(run(makePool(), { do: 'throw' }), (error) => {
      assert.ok(error instanceof JobError);
      assert.equal(error.name, 'ParseError');
      assert.equal(error.message, 'model.pt: broken');
      assert.deepEqual(error.fields, { file: 'model.pt', offset: 17, place: { entry: 'data.pkl' } });
      assert.match(error.workerStack ?? '', /poolWorker/);
      return true;
    });
  });

  it('names exit code and last words of a worker that dies, and goes on with a new one', async () => {
    const pool = makePool();
    const before = await run(pool, { do: 'pid' });
    const [death, survivor] = await Promise.allSettled([
      run(pool, { do: 'exit', code: 3 }),
      run(pool, { do: 'echo', value: 'alive' }),
    ]);
    assert.ok(death.status === 'rejected' && death.reason instanceof WorkerCrashedError);
    assert.equal(death.reason.exitCode, 3);
    assert.deepEqual(death.reason.output.slice(-2), ['first words', 'last words']);
    assert.match(death.reason.message, /ended unexpectedly \(exit code 3\)/);
    assert.deepEqual(survivor, { status: 'fulfilled', value: 'alive' });
    assert.notEqual(await run(pool, { do: 'pid' }), before);
  });

  it('says that a worker ended where it was killed a moment before its next job', async () => {
    for (let i = 0; i < 5; i++) {
      const pool = makePool();
      process.kill((await run(pool, { do: 'pid' })) as number, 'SIGKILL');
      await assert.rejects(run(pool, { do: 'pid' }), WorkerCrashedError);
      assert.equal(await run(pool, { do: 'echo', value: 1 }), 1);
    }
  });

  it('names the signal of a worker that is killed', async () => {
    const pool = makePool();
    const job = run(pool, { do: 'hang' });
    await until('a worker', () => pool.processIds.length === 1);
    process.kill(pool.processIds[0], 'SIGKILL');
    await assert.rejects(job, (error) => error instanceof WorkerCrashedError && error.signal === 'SIGKILL');
  });

  it('survives a worker that uses up its memory', async () => {
    const pool = makePool({ execArgv: ['--max-old-space-size=32'] });
    await assert.rejects(run(pool, { do: 'exhaust' }), (error) => {
      assert.ok(error instanceof WorkerCrashedError);
      assert.match(error.message, /out of memory/);
      return true;
    });
    assert.equal(await run(pool, { do: 'echo', value: 1 }), 1);
  });

  it('reports a worker that cannot start', async () => {
    const pool = makePool({ script: path.join(__dirname, 'no-such-worker.js') });
    await assert.rejects(run(pool, { do: 'pid' }), (error) => {
      assert.ok(error instanceof WorkerCrashedError);
      assert.match(error.output.join('\n'), /Cannot find module/);
      return true;
    });
  });

  it('tells a running job that it is cancelled, and keeps its worker', async () => {
    const pool = makePool();
    const before = await run(pool, { do: 'pid' });
    const abort = new AbortController();
    const job = run(pool, { do: 'wait' }, { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await assert.rejects(job, JobCancelledError);
    assert.equal(await run(pool, { do: 'pid' }), before);
  });

  it('kills a job that does not listen', async () => {
    const pool = makePool({ grace: 100 });
    const before = await run(pool, { do: 'pid' });
    const abort = new AbortController();
    const job = run(pool, { do: 'hang' }, { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await assert.rejects(job, JobCancelledError);
    assert.equal(isAlive(before as number), false);
    assert.notEqual(await run(pool, { do: 'pid' }), before);
  });

  it('drops a waiting job that is cancelled, and one cancelled before it is asked for', async () => {
    const pool = makePool();
    const abort = new AbortController();
    const running = run(pool, { do: 'wait', milliseconds: 200 });
    const waiting = run(pool, { do: 'exit', code: 9 }, { signal: abort.signal });
    abort.abort();
    await assert.rejects(waiting, JobCancelledError);
    await assert.rejects(run(pool, { do: 'exit', code: 9 }, { signal: abort.signal }), JobCancelledError);
    assert.equal(await running, 'waited');
    assert.equal(pool.pending, 0);
  });

  it('serves what a person waits for before background work', async () => {
    const order: string[] = [];
    const pool = makePool();
    const note = (name: string, options: RunOptions): Promise<unknown> =>
      run(pool, { do: 'echo', value: name }, { ...options, onStart: () => order.push(name) });
    const keepBusy = ['background', 'user', 'code-safety'] as const;
    await Promise.all([
      ...keepBusy.map((priority) => run(pool, { do: 'wait', milliseconds: 100 }, { priority })),
      note('background', {}),
      note('user', { priority: 'user' }),
      note('code', { priority: 'code-safety' }),
    ]);
    assert.deepEqual(order, ['code', 'user', 'background']);
  });

  it('gives a code-safety scan a place while background work fills the pool', async () => {
    const pool = makePool();
    const background = run(pool, { do: 'wait' });
    assert.equal(await run(pool, { do: 'echo', value: 'at once' }, { priority: 'code-safety' }), 'at once');
    void background.catch(() => undefined);
    assert.equal(pool.pending, 1);
  });

  it("lets the user's job start at once, and does background work that gave way again afterwards", async () => {
    const events: string[] = [];
    const pool = makePool({ onJob: ({ what, job }) => events.push(`${job} ${what}`) });
    const background = [1, 2].map(() => run(pool, { do: 'await-file', file: at('background') }));
    await run(pool, { do: 'echo', value: 'up' }, { priority: 'lookup' });
    const user = run(pool, { do: 'await-file', file: at('user') }, { priority: 'user' });
    await until('the first to give way', () => events.includes('1 gave way'));
    writeFileSync(at('user'), '');
    assert.equal(await user, 'waited');
    writeFileSync(at('background'), '');
    assert.deepEqual(await Promise.all(background), ['waited', 'waited']);
    assert.equal(pool.pending, 0);
    assert.deepEqual(
      events.filter((event) => /started|gave way/.test(event)),
      ['1 started', '3 started', '4 started', '1 gave way', '1 started', '2 started'],
    );
    assert.equal(events.filter((event) => event.endsWith('ended')).length, 4);
  });

  it('lets background jobs have the cores that the user needs not, oldest first', async () => {
    const events: string[] = [];
    const pool = makePool({ size: 3, cores: 4, threads: 2, onJob: ({ what, job }) => events.push(`${job} ${what}`) });
    const background = [1, 2, 3].map(() => run(pool, { do: 'wait', milliseconds: 500 }));
    await run(pool, { do: 'wait', milliseconds: 50 }, { priority: 'user' });
    await Promise.all(background);
    assert.deepEqual(events.filter((event) => event.endsWith('gave way')).sort(), ['2 gave way', '3 gave way']);
  });

  it('does a background job again that had to be killed to make way', async () => {
    const pool = makePool({ grace: 100 });
    const abort = new AbortController();
    const background = run(pool, { do: 'hang' }, { signal: abort.signal });
    const first = pool.processIds[0];
    assert.equal(await run(pool, { do: 'echo', value: 1 }, { priority: 'user' }), 1);
    await until('the first worker to be killed', () => !isAlive(first));
    await until('it to run again', () => pool.processIds.length > 0 && pool.pending === 1);
    abort.abort();
    await assert.rejects(background, JobCancelledError);
  });

  it('drops a background job that is cancelled while it gives way, or afterwards', async () => {
    const pool = makePool();
    const abort = new AbortController();
    const background = run(pool, { do: 'wait' }, { signal: abort.signal });
    const user = run(pool, { do: 'wait', milliseconds: 300 }, { priority: 'user' });
    setTimeout(() => abort.abort(), 150);
    await assert.rejects(background, JobCancelledError);
    assert.equal(await user, 'waited');
    assert.equal(pool.pending, 0);
  });

  it("gives the user's job its cores, and background jobs what is left", async () => {
    const pool = makePool({ size: 6, cores: 6 });
    await run(pool, { do: 'echo', value: 'a worker is up' });
    const background = run(pool, { do: 'await-threads', threads: 2 });
    assert.equal(await run(pool, { do: 'await-threads', threads: 4 }, { priority: 'user' }), 4);
    assert.equal(await background, 2);
  });

  it('runs as many jobs at a time as it was last told', async () => {
    const pool = makePool();
    const jobs = [0, 1, 2].map(() => run(pool, { do: 'wait', milliseconds: 1000 }));
    assert.equal(pool.processIds.length, 1);
    pool.resize(3);
    assert.equal(pool.processIds.length, 3);
    await Promise.all(jobs);
  });

  it('gives every job the number of threads it was told', async () => {
    const pool = makePool({ size: 2, threads: 3 });
    const jobs = [0, 1].map(() => run(pool, { do: 'await-threads', threads: 3 }));
    assert.deepEqual(await Promise.all(jobs), [3, 3]);
    pool.resize(2, 5);
    assert.equal(await run(pool, { do: 'await-threads', threads: 5 }), 5);
  });

  it('divides the cores among the jobs that run, and anew when one ends', async () => {
    const pool = makePool({ size: 2, cores: 4 });
    const first = run(pool, { do: 'await-threads', threads: 2 });
    const second = run(pool, { do: 'await-threads', threads: 4 });
    assert.equal(await first, 2);
    assert.equal(await second, 4);
  });

  it('thins out progress but never loses the end', async () => {
    const seen: JobProgress[] = [];
    await run(makePool(), { do: 'progress', count: 500 }, { progress: (progress) => seen.push(progress) });
    assert.ok(seen.length >= 2 && seen.length < 50, `${seen.length} messages`);
    assert.equal(seen[0].epoch, 1);
    assert.equal(seen[seen.length - 1].fraction, 1);
  });

  it("keeps a worker's output off this process's streams", async () => {
    const pool = makePool();
    const script = `
      require('tsx/cjs');
      const { WorkerPool } = require(${JSON.stringify(require.resolve('../../../server/src/jobs/pool'))});
      const pool = new WorkerPool(${JSON.stringify({ ...poolOptions, size: 1 })});
      pool.run({ do: 'print', text: 'noise' }).then(() => pool.dispose());`;
    const child = spawn(process.execPath, ['-e', script], { cwd: process.cwd() });
    let output = '';
    child.stdout.on('data', (text) => (output += String(text)));
    assert.deepEqual(await once(child, 'close'), [0, null]);
    assert.equal(output, '');
    assert.equal(await run(pool, { do: 'print', text: 'noise' }), 'printed');
  });

  it('lets an idle worker go', async () => {
    const pool = makePool({ idle: 50 });
    const worker = (await run(pool, { do: 'pid' })) as number;
    await until('the worker to go', () => !isAlive(worker));
    await until('it to be forgotten', () => pool.processIds.length === 0);
    assert.notEqual(await run(pool, { do: 'pid' }), worker);
  });

  it('leaves no process behind when disposed of, whatever runs', async () => {
    const pool = makePool({ size: 2, grace: 100 });
    const idle = run(pool, { do: 'pid' });
    const jobs = [
      idle,
      run(pool, { do: 'hang' }),
      idle.then(() => run(pool, { do: 'wait' })),
      run(pool, { do: 'wait' }),
    ];
    const outcomes = Promise.allSettled(jobs);
    await idle;
    const workers = pool.processIds;
    assert.equal(workers.length, 2);
    await pool.dispose();
    assert.deepEqual(workers.filter(isAlive), []);
    const rejected = (await outcomes).slice(1);
    assert.ok(
      rejected.every((outcome) => outcome.status === 'rejected' && outcome.reason instanceof JobCancelledError),
    );
    await assert.rejects(run(pool, { do: 'pid' }), JobCancelledError);
  });

  it('leaves no process behind when its own process is killed, not even one that hangs', async function () {
    this.timeout(60_000);
    const parent = spawn(process.execPath, [bundled('test/support/poolParent.ts'), poolOptions.script]);
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const workers = JSON.parse(String(line)) as number[];
    assert.equal(workers.length, 2);
    assert.deepEqual(workers.map(isAlive), [true, true]);
    parent.kill('SIGKILL');
    await until('both workers to go', () => !workers.some(isAlive), 40_000);
  });
});

describe('defaultPoolSize', () => {
  const gibibyte = 2 ** 30;

  it('leaves one core free and stays within half of the memory, but never below one worker', () => {
    assert.equal(defaultPoolSize(8, 64 * gibibyte), 7);
    assert.equal(defaultPoolSize(8, 8 * gibibyte), 4);
    assert.equal(defaultPoolSize(2, 64 * gibibyte), 1);
    assert.equal(defaultPoolSize(1, gibibyte), 1);
  });

  it('knows this machine', () => {
    assert.ok(defaultPoolSize() >= 1);
  });
});

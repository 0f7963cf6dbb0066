import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { mock } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import Redis from 'ioredis';
import type { PurifyReport } from '../../../../protocol/reports';
import { CheckpointError } from '../../../../server/src/checkpoint/checkpoint';
import { JobError } from '../../../../server/src/jobs/messages';
import { contentKey, outcomeKey, wantedKey } from '../../../../server/src/jobs/remote/keys';
import { placeOf } from '../../../../server/src/jobs/remote/places';
import { JobFailedError, RunLeftError } from '../../../../server/src/jobs/remote/jobEnds';
import { RunControl } from '../../../../server/src/jobs/remote/runControl';
import { parseQueueUrl, QueueError } from '../../../../server/src/jobs/remote/address';
import { runTask } from '../../../../server/src/jobs/runTask';
import type { PurifyTask, ScanTask, Task } from '../../../../server/src/jobs/tasks';
import { runJob } from '../../../../server/src/jobs/workerTasks';
import { JobCancelledError } from '../../../../server/src/jobs/workerProcess';
import { until } from '../../../support/processes';
import { useQueue } from '../../../support/redis/useQueue';
import { useTinyWorkspace } from '../../../support/tinyWorkspace';

describe('RemoteExecutor', function () {
  this.timeout(120_000);
  const tiny = useTinyWorkspace();
  const queue = useQueue();
  const { tmp } = queue;

  const local = <T extends Task>(task: T) =>
    runTask(task, { signal: new AbortController().signal, progress: () => undefined });

  /** A copy of the model, called otherwise: `fragileWorker.ts` goes by names. */
  function copy(name: string, folder = tmp()): string {
    mkdirSync(folder, { recursive: true });
    copyFileSync(tiny().model, path.join(folder, name));
    return path.join(folder, name);
  }
  const codeScan = (model: string): ScanTask => ({ kind: 'scan', model, codeOnly: true });
  const failureOf = async (running: Promise<unknown>): Promise<JobFailedError> => {
    const error = await running.then(
      () => assert.fail('it was done'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof JobFailedError, String(error));
    return error;
  };

  it('scans elsewhere with the same result, byte for byte', async () => {
    const task: ScanTask = { kind: 'scan', model: tiny().model, data: tiny().data, seed: 3 };
    await queue.worker();
    const progress: string[] = [];
    const remote = await runJob(await queue.executor(), task, { progress: ({ stage }) => progress.push(stage) });
    assert.equal(JSON.stringify(remote), JSON.stringify(await local(task)));
    assert.deepEqual([...new Set(progress)], ['Backdoor scan']);
  });

  it('purifies elsewhere and writes the same files here', async () => {
    const task = (name: string): PurifyTask => ({
      ...{ kind: 'purify', model: tiny().model, data: tiny().data, seed: 1, holdingRate: 0.3 },
      ...{ output: tmp(name), method: 'finetune', report: tmp(`${name}.json`) },
    });
    await queue.worker();
    const remote = await runJob(await queue.executor(), task('remote.pt'));
    const here = await local(task('local.pt'));
    assert.deepEqual(readFileSync(tmp('remote.pt')), readFileSync(tmp('local.pt')));
    const alike = (report: PurifyReport): string => JSON.stringify(report).replaceAll(/(remote|local)\.pt/g, 'OUT');
    assert.equal(alike(remote), alike(here));
    assert.equal(readFileSync(tmp('remote.pt.json'), 'utf8'), `${JSON.stringify(remote, null, 2)}\n`);
  });

  it('refuses before it asks what it could not write in the end', async () => {
    const executor = await queue.executor();
    writeFileSync(tmp('there.pt'), 'mine');
    const task: PurifyTask = { kind: 'purify', model: tiny().model, data: tiny().data, output: tmp('there.pt') };
    await assert.rejects(runJob(executor, task), { name: 'OutputError' });
    assert.deepEqual(await executor.status(), { workers: 0, otherWorkers: 0, troubles: [], waiting: 0, active: 0 });
  });

  it('has the same work on the same content done once, wherever the files lie', async () => {
    const { started } = await queue.worker();
    const executor = await queue.executor();
    const [a, b] = [copy('gin.pt', tmp('a')), copy('gin.pt', tmp('b'))];
    const reports = await Promise.all([a, b, a].map((model) => runJob(executor, codeScan(model))));
    assert.deepEqual(
      reports.map(({ file }) => file),
      [a, b, a],
    );
    assert.equal(started.length, 1);
    await runJob(await queue.executor({ run: 'another' }), codeScan(b));
    assert.equal(started.length, 1, 'what is done is not done again');
    writeFileSync(a, Buffer.concat([readFileSync(a), Buffer.from('more')]));
    assert.notEqual((await runJob(executor, codeScan(a))).sha256, reports[0].sha256);
    assert.equal(started.length, 2, 'other content is other work');
  });

  it('tells what is wrong with an input as it is told here', async () => {
    await queue.worker();
    const task = codeScan(tmp('nowhere.pt'));
    const expected = await local(task).catch((error: unknown) => error);
    assert.ok(expected instanceof CheckpointError);
    await assert.rejects(runJob(await queue.executor(), task), (error) => {
      assert.ok(error instanceof JobError);
      assert.equal(error.message, expected.message);
      assert.deepEqual(error.fields, { file: expected.file, reason: expected.reason });
      return true;
    });
  });

  it('puts a job aside that ends its process three times, with its log, and goes on with the rest', async () => {
    const { started } = await queue.worker({ fragile: true });
    const executor = await queue.executor();
    const model = copy('crash.pt');
    const rest = runJob(executor, codeScan(tiny().model));
    const failure = await failureOf(runJob(executor, codeScan(model)));
    assert.match(failure.message, /^it is not tried any more: .*exit code 7.*, in 3 tries$/);
    assert.equal(failure.log.length, 3);
    assert.match(failure.log[2], /this model is too much/);
    assert.equal((await rest).file, tiny().model);
    assert.equal(started.length, 4);
    assert.ok(!(await queue.events()).includes('delayed'), 'that would go by the clock of the worker');

    assert.equal((await failureOf(runJob(executor, codeScan(model)))).message, failure.message);
    assert.equal(started.length, 4, 'asked for again, it is not tried again');
    await failureOf(runJob(await queue.executor({ retry: true }), codeScan(model)));
    assert.equal(started.length, 7, 'but where that is wished');
  });

  it('has more patience where the process was ended from outside', async () => {
    const { started } = await queue.worker({ fragile: true });
    const failure = await failureOf(runJob(await queue.executor(), codeScan(copy('killed.pt'))));
    assert.match(failure.message, /SIGKILL.*, in 6 tries$/);
    assert.equal(started.length, 6);
  });

  it('ends a job that is cancelled while it runs, and not for others who want it', async () => {
    const worker = await queue.worker({ fragile: true });
    const model = copy('slow.pt');
    const controller = new AbortController();
    let wasSlow = false;
    const progress = ({ stage }: { stage: string }): void => void (wasSlow ||= stage === 'Slow');
    const mine = runJob(await queue.executor(), codeScan(model), { signal: controller.signal, progress });
    const other = await queue.executor({ run: 'other' });
    const others = runJob(other, codeScan(model));
    mine.catch(() => undefined);
    others.catch(() => undefined);
    await until('the job runs', () => wasSlow && worker.jobs().length === 1);
    controller.abort();
    await assert.rejects(mine, JobCancelledError);
    assert.equal(worker.jobs().length, 1);
    await other.dispose();
    await assert.rejects(others, JobCancelledError);
    await until('the worker ended it', () => worker.jobs().length === 0);
  });

  it('goes on with what is asked for twice here and cancelled once, and lets go of it after that', async () => {
    const worker = await queue.worker({ fragile: true });
    const executor = await queue.executor();
    const model = copy('slow.pt');
    const ask = (): { readonly running: Promise<unknown>; readonly cancel: () => void } => {
      const controller = new AbortController();
      const running = runJob(executor, codeScan(model), { signal: controller.signal });
      running.catch(() => undefined);
      return { running, cancel: () => controller.abort() };
    };
    const [first, second] = [ask(), ask()];
    await until('the job runs', () => worker.jobs().length === 1);
    first.cancel();
    await assert.rejects(first.running, JobCancelledError);
    await delay(500);
    assert.equal(worker.jobs().length, 1);
    second.cancel();
    await assert.rejects(second.running, JobCancelledError);
    await until('the worker ended it', () => worker.jobs().length === 0);
    await until('the queue to be empty', async () => (await executor.status()).active === 0);
    for (let look = 0; look < 20; look++) {
      const { waiting, active } = await executor.status();
      assert.equal(waiting + active, 0, 'nobody puts it back into the queue');
      await delay(20);
    }
  });

  it('can be left, come back to and cancelled by name', async () => {
    const address = parseQueueUrl(queue.url());
    const control = await RunControl.connect(address, undefined);
    try {
      await control.begin('nightly', { command: ['scan', 'models'], folder: tmp(), host: 'here' });
      const detached = await queue.executor({ run: 'nightly', detach: true });
      await assert.rejects(runJob(detached, codeScan(tiny().model)), RunLeftError);
      const [run] = await control.list();
      assert.deepEqual([run.name, run.command, run.jobs], ['nightly', ['scan', 'models'], 1]);
      assert.deepEqual(await control.progress('nightly'), { waiting: 1, running: 0, done: 0, failed: 0 });

      const back = await queue.executor({ run: 'nightly' });
      const report = runJob(back, codeScan(tiny().model));
      await queue.worker();
      assert.equal((await report).file, tiny().model);
      assert.deepEqual(await control.progress('nightly'), { waiting: 0, running: 0, done: 1, failed: 0 });

      assert.equal(await control.cancel('nightly'), 0, 'all of it is done');
      assert.equal(await control.cancel('nightly'), undefined);
      assert.deepEqual(await control.list(), []);
    } finally {
      await control.close();
    }
  });

  it('is cancelled by name from elsewhere', async () => {
    const control = await RunControl.connect(parseQueueUrl(queue.url()), undefined);
    try {
      await control.begin('nightly', { command: ['scan', 'models'], folder: tmp(), host: 'here' });
      const detached = await queue.executor({ run: 'nightly', detach: true });
      for (const name of ['slow.pt', 'later.pt', 'last.pt']) {
        await assert.rejects(runJob(detached, codeScan(copy(name))), RunLeftError);
      }
      const worker = await queue.worker({ fragile: true, concurrency: 1 });
      await until('the first one runs', () => worker.jobs().length === 1);
      assert.equal(await control.cancel('nightly'), 3);
      await until('the worker ended it', () => worker.jobs().length === 0);
      assert.equal(worker.started.length, 1);
      assert.equal((await detached.status()).waiting, 0);
    } finally {
      await control.close();
    }
  });

  it('lets go of what a job needed that nobody wants, and not of what another job needs', async () => {
    const client = new Redis(queue.url());
    const contents = async (): Promise<number> => (await client.keys(contentKey('*'))).filter(isContent).length;
    const isContent = (key: string): boolean => !key.endsWith('needed-by');
    try {
      const executor = await queue.executor();
      const controller = new AbortController();
      const scans = [codeScan(tiny().model), { ...codeScan(tiny().model), seed: 1 }].map((task, i) =>
        runJob(executor, task, { signal: i === 0 ? controller.signal : undefined }),
      );
      for (const one of scans) one.catch(() => undefined);
      await until('both wait', async () => (await executor.status()).waiting === 2);
      assert.equal(await contents(), 1);
      assert.equal((await client.keys(wantedKey('*'))).length, 2);
      controller.abort();
      await assert.rejects(scans[0], JobCancelledError);
      assert.equal(await contents(), 1);
      await executor.dispose();
      assert.equal(await contents(), 0);

      await queue.worker();
      await runJob(await queue.executor(), codeScan(tiny().model));
      await until('its needs are let go', async () => (await contents()) === 0);
      await until('it is wanted no more', async () => (await client.keys(wantedKey('*'))).length === 0);
    } finally {
      client.disconnect();
    }
  });

  it('takes what was forged for no result, and does it anew where that is wished', async () => {
    const client = new Redis(queue.url());
    try {
      const { started } = await queue.worker();
      const model = copy('gin.pt');
      const task = codeScan(model);
      const { file } = await runJob(await queue.executor(), task);
      const other = {
        ...(await local(codeScan(tiny().model))),
        sha256: 'a'.repeat(64),
        file: placeOf('in', 0, 'gin.pt'),
      };
      await client.set(
        (await client.keys(outcomeKey('*')))[0],
        gzipSync(JSON.stringify({ kind: 'done', result: other, files: [] })),
      );
      const failure = await failureOf(runJob(await queue.executor(), task));
      assert.match(failure.message, /what came back is no result of this job/);
      assert.equal((await runJob(await queue.executor({ retry: true }), task)).file, file);
      assert.equal(started.length, 2);
    } finally {
      client.disconnect();
    }
  });

  it('counts workers whose clocks are others', async () => {
    await queue.worker();
    const executor = await queue.executor();
    await until('it is there', async () => (await executor.status()).workers === 1);
    mock.method(Date, 'now', () => 1e12);
    try {
      assert.equal((await executor.status()).workers, 1);
      await queue.worker();
      await until('both are there', async () => (await executor.status()).workers === 2);
    } finally {
      mock.restoreAll();
    }
  });

  it('does first what a person waits for, also where it was asked for before', async () => {
    const executor = await queue.executor();
    const [a, b, c] = ['slow-a.pt', 'slow-b.pt', 'gin.pt'].map((name) => copy(name));
    writeFileSync(b, Buffer.concat([readFileSync(b), Buffer.from('other')]));
    writeFileSync(c, Buffer.concat([readFileSync(c), Buffer.from('another')]));
    for (const [i, model] of [a, b, c].entries()) {
      runJob(executor, codeScan(model)).catch(() => undefined);
      await until('it waits', async () => (await executor.status()).waiting === i + 1);
    }
    const asked = runJob(executor, codeScan(c), { priority: 'user' });
    await until('it is the next one', async () => /gin\.pt$/.test((await queue.waitingModels())[0]));
    await queue.worker({ fragile: true, concurrency: 1 });
    assert.equal((await asked).file, c);
  });

  it('leaves jobs to go on', async () => {
    const executor = await queue.executor();
    const left = runJob(executor, codeScan(tiny().model));
    left.catch(() => undefined);
    await until('it waits', async () => (await executor.status()).waiting === 1);
    await executor.leave();
    await assert.rejects(left, RunLeftError);
    const { started } = await queue.worker();
    await until('it is done all the same', () => started.length === 1);
  });

  it('reads files where they lie, in folders that a worker may read', async () => {
    const model = copy('gin.pt', tmp('shared'));
    await queue.worker({ folders: [tmp('shared')] });
    const report = await runJob(await queue.executor({ shared: [tmp('shared')] }), codeScan(model));
    assert.equal(JSON.stringify(report), JSON.stringify(await local(codeScan(model))));
  });

  it('does not read elsewhere, whatever it is told', async () => {
    copy('gin.pt', tmp('secret'));
    mkdirSync(tmp('shared'));
    await queue.worker({ folders: [tmp('shared')] });
    const executor = await queue.executor({ shared: [tmp('secret')] });
    const failure = await failureOf(runJob(executor, codeScan(tmp('secret', 'gin.pt'))));
    assert.match(failure.message, /^it could not be done: .*in none of the folders that this worker may read/);
  });

  it('says in plain words why the server takes no jobs any more', async () => {
    const client = new Redis(queue.url());
    try {
      const executor = await queue.executor();
      const refused = async (reason: RegExp): Promise<void> =>
        assert.rejects(
          runJob(executor, codeScan(tiny().model)),
          (error) => error instanceof QueueError && reason.test(error.message),
        );
      await client.config('SET', 'maxmemory', '512kb');
      await refused(/^redis:\/\/localhost:\d+: its memory is full/);
      await client.config('SET', 'maxmemory', '0');
      await client.replicaof('localhost', '1');
      await refused(/^redis:\/\/localhost:\d+: it is a copy of another server/);
      await executor.dispose();
    } finally {
      client.disconnect();
    }
  });

  it('can be cancelled where the memory of the server is full: that makes room', async () => {
    const control = await RunControl.connect(parseQueueUrl(queue.url()), undefined);
    const client = new Redis(queue.url());
    try {
      const record = { command: ['scan', 'models'], folder: tmp(), host: 'here' };
      await control.begin('nightly', record);
      const detached = await queue.executor({ run: 'nightly', detach: true });
      await assert.rejects(runJob(detached, codeScan(tiny().model)), RunLeftError);
      await client.config('SET', 'maxmemory', '512kb');
      await assert.rejects(
        control.begin('another', record),
        (error) => error instanceof QueueError && /its memory is full/.test(error.message),
      );
      assert.equal(await control.cancel('nightly'), 1);
      assert.deepEqual(await client.keys(contentKey('*')), []);
    } finally {
      await control.close();
      client.disconnect();
    }
  });

  it('survives that the server is killed and comes back', async () => {
    const executor = await queue.executor();
    const running = runJob(executor, codeScan(tiny().model));
    await until('it waits', async () => (await executor.status()).waiting === 1);
    await queue.restart();
    await queue.worker();
    assert.equal((await running).file, tiny().model);
  });

  it('does a job anew whose outcome was let go', async () => {
    const { started } = await queue.worker();
    const executor = await queue.executor();
    await runJob(executor, codeScan(tiny().model));
    await queue.forgetOutcomes();
    assert.equal((await runJob(executor, codeScan(tiny().model))).file, tiny().model);
    assert.equal(started.length, 2);
  });

  it('gives back what a worker had begun that is stopped', async () => {
    const first = await queue.worker({ fragile: true });
    const executor = await queue.executor();
    const model = copy('slow.pt');
    const running = runJob(executor, codeScan(model));
    await until('the job runs', () => first.jobs().length === 1);
    await first.close();
    assert.equal((await executor.status()).waiting, 1);
    await queue.worker();
    assert.equal((await running).file, model);
    rmSync(model);
  });
});

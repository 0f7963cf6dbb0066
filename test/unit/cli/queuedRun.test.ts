import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PurifyReport } from '../../../protocol/reports';
import { attach } from '../../../server/src/cli/attach';
import { UsageError } from '../../../server/src/cli/arguments';
import { bench } from '../../../server/src/cli/bench';
import { cancel } from '../../../server/src/cli/cancel';
import { purify } from '../../../server/src/cli/purify';
import { absenceOf } from '../../../server/src/cli/queuedRun';
import { runs } from '../../../server/src/cli/runs';
import { scan } from '../../../server/src/cli/scan';
import { JobError } from '../../../server/src/jobs/messages';
import { parseQueueUrl } from '../../../server/src/jobs/remote/address';
import { RunControl } from '../../../server/src/jobs/remote/runControl';
import { captured, type Captured } from '../../support/captured';
import { gridsFolder } from '../../support/grids';
import { maliciousCheckpoint } from '../../support/maliciousCheckpoint';
import { until } from '../../support/processes';
import { useQueue } from '../../support/redis/useQueue';
import { useTinyWorkspace } from '../../support/tinyWorkspace';

describe('a run over a queue', function () {
  this.timeout(120_000);
  const tiny = useTinyWorkspace();
  const queue = useQueue();
  const { tmp } = queue;
  const never = new AbortController().signal;
  const run = (command: typeof scan, ...argv: string[]): Promise<Captured> =>
    captured(() => command([...argv, '--queue', queue.url()], never));

  /** Models to scan: one that is fine, one with a payload, and some by the names that `fragileWorker.ts` goes by. */
  function models(...others: string[]): string {
    const folder = tmp('models');
    mkdirSync(folder);
    for (const name of ['gin.pt', ...others]) copyFileSync(tiny().model, path.join(folder, name));
    writeFileSync(path.join(folder, 'evil.pt'), maliciousCheckpoint());
    return folder;
  }

  it('prints what the same command prints without one', async () => {
    const argv = [models(), '--json', '--code-only'];
    await queue.worker();
    const remote = await run(scan, ...argv);
    const local = await captured(() => scan([...argv, '--jobs', '1'], never));
    assert.deepEqual([remote.code, remote.out], [local.code, local.out]);
    assert.equal((JSON.parse(remote.out) as { reports: unknown[] }).reports.length, 2);
  });

  it('is left by Ctrl-C, goes on, and is come back to by name', async () => {
    const folder = models();
    const controller = new AbortController();
    const leaving = captured(() =>
      scan([folder, '--code-only', '--name', 'nightly', '--queue', queue.url()], controller.signal),
    );
    const watch = await queue.executor();
    await until('both jobs wait', async () => (await watch.status()).waiting === 2);
    controller.abort();
    const left = await leaving;
    assert.deepEqual([left.code, left.out], [130, '']);
    assert.match(left.err, /the run nightly goes on/);
    assert.match(left.err, /^ {2}graphnad attach nightly --queue redis:\/\/localhost:\d+ /m);

    const listed = await run(runs);
    assert.match(listed.out, /^nightly: 0 of 2 jobs done, 2 waiting\n {2}begun .*\n {2}graphnad scan .*--code-only\n$/);
    const { started } = await queue.worker();
    const back = await run(attach, 'nightly');
    assert.equal(back.code, 1);
    assert.match(back.out, /models\/evil\.pt[^]*os\.system[^]*models\/gin\.pt/);
    assert.equal((await run(attach, 'nightly')).out, back.out);
    assert.equal(started.length, 2, 'what is done is not done again');

    await assert.rejects(
      captured(() => scan([folder, '--name', 'nightly', '--queue', queue.url()], never)),
      (error) => error instanceof UsageError && /there is another run called nightly/.test(error.message),
    );
  });

  it('can be left at once, and cancelled', async () => {
    const out = tmp('purified.pt');
    const { model, data } = tiny();
    const task = [model, '--data', data, '--holding-rate', '0.3', '--method', 'finetune', '--out', out];
    const left = await run(purify, ...task, '--detach', '--name', 'one');
    assert.deepEqual([left.code, left.out], [0, '']);
    assert.match((await run(cancel, 'one')).err, /one is cancelled: 1 job ended/);
    assert.equal((await run(attach, 'one')).code, 2);
    assert.equal((await run(cancel, 'one')).code, 2);
    assert.match((await run(runs)).err, /there are no runs/);

    await run(purify, ...task, '--detach', '--name', 'two', '--json');
    await queue.worker();
    const { code, out: printed } = await run(attach, 'two');
    assert.equal(code, 0);
    assert.equal((JSON.parse(printed) as PurifyReport).output, out);
    const sha256 = createHash('sha256').update(readFileSync(out)).digest('hex');
    assert.equal((JSON.parse(printed) as PurifyReport).receipt.outputSha256, sha256);
  });

  it('goes on without a model whose scan ends its process again and again, and shows its last words', async () => {
    await queue.worker({ fragile: true });
    const { code, out, err } = await run(scan, models('crash.pt'), '--json', '--code-only');
    const { reports, unread } = JSON.parse(out) as { reports: unknown[]; unread: { file: string; reason: string }[] };
    assert.deepEqual([code, reports.length], [1, 2]);
    assert.deepEqual(
      unread.map(({ file }) => file),
      [tmp('models', 'crash.pt')],
    );
    assert.match(unread[0].reason, /^it is not tried any more: .*exit code 7/);
    assert.match(err, /^ {2}this model is too much$/m);
  });

  it('computes a grid step by step, however often it is left', async () => {
    const grid = path.join(gridsFolder, 'smoke.json');
    const argv = [grid, '--only', 'none, finetune, s0, 10%', '--out'];
    const { started } = await queue.worker();
    const left = await run(bench, ...argv, tmp('remote'), '--detach', '--name', 'grid');
    assert.equal(left.code, 0, left.err);
    await until('the model is trained', () => started.length === 1);
    const { code } = await run(attach, 'grid');
    assert.equal(code, 0);
    assert.equal(started.length, 3, 'train, measure, defend');
    const [record] = readFileSync(tmp('remote/results/smoke.jsonl'), 'utf8').trimEnd().split('\n');
    assert.equal((JSON.parse(record) as { cleanGraphs: number }).cleanGraphs, 12);
  });

  it('fails with what is wrong with more than one file, and leaves nothing in the queue', async () => {
    await queue.worker();
    const scanning = run(scan, models(), '--data', tiny().data, '--backend', 'tensorflow');
    await assert.rejects(scanning, (error) => error instanceof JobError && error.name === 'BackendError');
    assert.equal((await (await queue.executor()).status()).waiting, 0);
  });

  /** Writes a run into the queue, as anybody can who may write to it. */
  async function forge(name: string, command: readonly string[]): Promise<void> {
    const control = await RunControl.connect(parseQueueUrl(queue.url()), undefined);
    await control.begin(name, { command, folder: tmp(), host: 'else\x1bwhere' });
    await control.close();
  }

  it('does nothing on the word of a queue', async () => {
    await queue.worker();
    const { model, data } = tiny();
    writeFileSync(tmp('mine'), 'mine');
    await forge('foreign', ['purify', model, '--data', data, '--out', tmp('mine'), '--overwrite', "a'; b"]);
    const { code, err } = await run(attach, 'foreign');
    assert.equal(code, 2);
    assert.match(err, /begun on else\\u\{1b\}where, in .*, and not from this account on this machine/);
    assert.match(
      err,
      /^ {2}graphnad purify .* --overwrite 'a'\\''; b' --name foreign --queue redis:\/\/localhost:\d+$/m,
    );
    assert.equal(readFileSync(tmp('mine'), 'utf8'), 'mine');

    for (const command of [['convert', model, '--out', tmp('c.safetensors')], ['constructor'], []]) {
      await forge('foreign', command);
      await assert.rejects(run(attach, 'foreign'), UsageError);
    }
    assert.equal(existsSync(tmp('c.safetensors')), false);
  });

  it('says no other command again than the one that was given here', async () => {
    const left = await run(scan, tiny().model, '--code-only', '--detach', '--name', 'mine');
    assert.equal(left.code, 0);
    await forge('mine', ['scan', tiny().model, '--code-only', '--output', tmp('forged.json')]);
    await assert.rejects(
      run(attach, 'mine'),
      (error) => error instanceof UsageError && /there is another run called mine/.test(error.message),
    );
    assert.equal(existsSync(tmp('forged.json')), false);
  });

  it('goes on where runs cannot be noted, and says so', async () => {
    writeFileSync(tmp('state'), 'a file');
    const left = await run(scan, tiny().model, '--code-only', '--detach', '--name', 'mine');
    assert.equal(left.code, 0);
    assert.match(left.err, /attach will not know it \(.*\)/);
    assert.equal((await run(attach, 'mine')).code, 2);
  });
});

describe('whoever waits for a queue', () => {
  it('hears that nobody is there to do the jobs', () => {
    assert.equal(absenceOf({ workers: 1, otherWorkers: 3 }, 'redis://host:6379'), undefined);
    const none = absenceOf({ workers: 0, otherWorkers: 0 }, 'redis://host:6379');
    assert.equal(none, 'no worker serves the queue; jobs wait for one: graphnad worker --queue redis://host:6379');
    assert.match(absenceOf({ workers: 0, otherWorkers: 2 }, '') ?? '', /no worker of this version .*, 2 of other/);
  });
});

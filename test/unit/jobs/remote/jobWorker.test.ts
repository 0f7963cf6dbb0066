import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { Queue } from 'bullmq';
import Redis from 'ioredis';
import { sha256OfFile } from '../../../../server/src/jobs/hashFile';
import { jobIdOf } from '../../../../server/src/jobs/remote/jobId';
import { jobOptions } from '../../../../server/src/jobs/remote/jobOptions';
import { prefix, queueName, wantedKey } from '../../../../server/src/jobs/remote/keys';
import type { JobMessage } from '../../../../server/src/jobs/remote/message';
import { placeOf } from '../../../../server/src/jobs/remote/places';
import { until } from '../../../support/processes';
import { useQueue } from '../../../support/redis/useQueue';
import { useTinyWorkspace } from '../../../support/tinyWorkspace';

/** What somebody can send who may write to the queue. */
describe('JobWorker', function () {
  this.timeout(60_000);
  const tiny = useTinyWorkspace();
  const queue = useQueue();
  const { tmp } = queue;
  let client: Redis;
  let jobs: Queue;

  beforeEach(() => {
    client = new Redis(queue.url(), { maxRetriesPerRequest: null });
    jobs = new Queue(queueName(undefined), { connection: client, prefix });
  });
  afterEach(async () => {
    await jobs.close();
    client.disconnect();
  });

  /** Sends a message and waits for how it is refused. */
  async function refusalOf(message: unknown, id = jobIdOf(message as JobMessage)): Promise<string> {
    await client.sadd(wantedKey(id), 'somebody');
    await jobs.add('job', message, { ...jobOptions, jobId: id });
    await until('it has ended', async () => ['failed', 'completed'].includes(await jobs.getJobState(id)), 30_000);
    return (await jobs.getJob(id))?.failedReason ?? 'it was done';
  }

  /** A scan of the code of a file in a folder that workers are said to see. */
  const scanAt = (at: string, name: string, bytes: number, sha256: string): JobMessage => ({
    task: { kind: 'scan', model: placeOf('in', 0, name), codeOnly: true },
    inputs: [{ name: '', at, files: [{ name, bytes, sha256 }] }],
    outputs: 0,
  });

  it('does nothing with what is no job', async () => {
    await queue.worker();
    const good = scanAt(tmp(), 'gin.pt', 1, 'a'.repeat(64));
    const bad: unknown[] = [
      null,
      'scan',
      {},
      { ...good, task: { kind: 'check-backend' } },
      { ...good, task: { ...good.task, seed: -1 } },
      { ...good, task: { ...good.task, model: 7 } },
      { ...good, task: { kind: 'purify', model: 'a', data: 'b', output: 'c', options: { teacherRounds: 'many' } } },
      { ...good, inputs: [{ name: '..', files: [] }] },
      { ...good, inputs: [{ name: '', files: [{ name: '../gin.pt', bytes: 1, sha256: 'a'.repeat(64) }] }] },
      { ...good, inputs: [{ name: '', files: [{ name: 'gin.pt', bytes: 2 ** 40, sha256: 'a'.repeat(64) }] }] },
      { ...good, inputs: [{ name: '', files: [{ name: 'gin.pt', bytes: 1, sha256: '../../etc/passwd' }] }] },
      { ...good, outputs: 1e9 },
    ];
    for (const [i, message] of bad.entries()) {
      assert.equal(
        await refusalOf(message, `bad-${i}`),
        'refused: its message is not a job of this version',
        JSON.stringify(message),
      );
    }
    assert.equal(await refusalOf(good, 'f'.repeat(64)), 'refused: its message is not a job of this version');
  });

  it('writes and reads nowhere but in the folders of the job', async () => {
    await queue.worker();
    for (const model of [
      '/etc/passwd',
      placeOf('in', 1, 'gin.pt'),
      placeOf('out', 0, 'gin.pt'),
      'graphnad-in-0:/../x',
    ]) {
      const message: JobMessage = { task: { kind: 'scan', model, codeOnly: true }, inputs: [], outputs: 0 };
      assert.equal(await refusalOf(message), 'refused: the job names a path outside of its folders', model);
    }
  });

  it('reads no folder that it was not given, neither by a link', async () => {
    for (const folder of ['shared', 'secret']) mkdirSync(tmp(folder));
    copyFileSync(tiny().model, tmp('secret', 'gin.pt'));
    symlinkSync(tmp('secret', 'gin.pt'), tmp('shared', 'link.pt'));
    symlinkSync(tmp('secret'), tmp('shared', 'folder'));
    await queue.worker({ folders: [tmp('shared')] });
    const sha256 = await sha256OfFile(tiny().model);
    let sent = 0;
    // Jobs on the same content are the same job, wherever it lies: these differ in size.
    const message = (at: string, name: string): JobMessage => scanAt(at, name, ++sent, sha256);
    const refused = /^refused: .* is in none of the folders that this worker may read/;
    assert.match(await refusalOf(message(tmp('secret'), 'gin.pt')), refused);
    assert.match(await refusalOf(message(tmp('shared', '..', 'secret'), 'gin.pt')), refused);
    assert.match(await refusalOf(message(tmp('shared'), 'link.pt')), refused);
    assert.match(await refusalOf(message(tmp('shared', 'folder'), 'gin.pt')), refused);
    assert.match(await refusalOf(message('shared', 'gin.pt')), /^refused: shared is no absolute path/);
    // Whether a file is there that may not be read is not told.
    assert.match(await refusalOf(message(tmp('secret'), 'nothing.pt')), refused);
  });

  it('does not take another file for the one that was meant', async () => {
    mkdirSync(tmp('shared'));
    writeFileSync(tmp('shared', 'gin.pt'), 'changed');
    await queue.worker({ folders: [tmp('shared')] });
    const refused = /^refused: .*gin\.pt is not what it was when the job was asked for/;
    assert.match(await refusalOf(scanAt(tmp('shared'), 'gin.pt', 7, 'b'.repeat(64))), refused);
    assert.match(await refusalOf(scanAt(tmp('shared'), 'gin.pt', 8, 'b'.repeat(64))), refused);
  });

  it('says what is missing where content is not in the queue', async () => {
    await queue.worker();
    const message: JobMessage = {
      ...scanAt('', 'gin.pt', 5, 'c'.repeat(64)),
      inputs: [{ name: '', files: [{ name: 'gin.pt', bytes: 5, sha256: 'c'.repeat(64) }] }],
    };
    assert.equal(await refusalOf(message), 'refused: the content cccccccccccc is not in the queue any more');
  });
});

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import Redis from 'ioredis';
import { runJob } from '../../server/src/jobs/workerTasks';
import type { ScanTask } from '../../server/src/jobs/tasks';
import { contentKey, crashesKey } from '../../server/src/jobs/remote/keys';
import { memoryIsFull } from '../../server/src/jobs/remote/trouble';
import { until } from '../support/processes';
import { useQueue } from '../support/redis/useQueue';
import { useTinyWorkspace } from '../support/tinyWorkspace';

describe('a queue whose memory is full', function () {
  this.timeout(120_000);
  const tiny = useTinyWorkspace();
  const queue = useQueue();
  const { tmp } = queue;
  let client: Redis;

  beforeEach(() => {
    client = new Redis(queue.url());
    client.on('error', () => undefined); // the server goes before it
  });
  afterEach(() => client.disconnect());

  const setMost = (bytes: number): Promise<unknown> => client.config('SET', 'maxmemory', String(bytes));
  const used = async (): Promise<number> => Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);

  it('takes what its workers have found out when there is room again, and blames no job for it', async () => {
    const worker = await queue.worker();
    const executor = await queue.executor();
    const task: ScanTask = { kind: 'scan', model: tiny().model, data: tiny().data };
    const running = runJob(executor, task);
    running.catch(() => undefined);
    await until('it is under way', () => worker.jobs().length === 1);
    await setMost(1);
    await until('the worker has it to give', () => worker.troubles.includes(memoryIsFull), 60_000);
    assert.equal((await executor.status()).trouble, memoryIsFull);
    // Longer than the queue waits for a word from a worker: in this time none can be kept.
    await delay(3_000);
    assert.deepEqual(await client.keys(crashesKey('*')), []);
    await setMost(0);
    assert.equal((await running).file, task.model);
    assert.equal(worker.troubles.at(-1), '');
    assert.equal((await executor.status()).trouble, undefined);
  });

  it('is waited for by whoever has jobs in it already, and not filled up with what it does not take', async () => {
    const executor = await queue.executor();
    const scans = Array.from({ length: 8 }, (_, i): ScanTask => {
      const model = tmp(`${i}.pt`);
      writeFileSync(model, Buffer.alloc(4_000_000, i));
      return { kind: 'scan', model, codeOnly: true };
    });
    await setMost((await used()) + 20_000_000);
    const running = scans.map((scan) => runJob(executor, scan));
    for (const one of running) one.catch(() => undefined);
    await until('some wait, and the rest is taken back', async () => {
      const { waiting, trouble } = await executor.status();
      const brought = (await client.keys(contentKey('*'))).filter((key) => !key.endsWith('needed-by'));
      return waiting > 2 && waiting < 8 && brought.length === waiting && trouble === undefined;
    });
    await queue.worker();
    assert.equal((await Promise.all(running)).length, 8);
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Redis from 'ioredis';
import { CancellationTokenSource } from 'vscode-languageserver/node';
import type { ScanReport } from '../../protocol/reports';
import {
  PurifyRequest,
  ReportRequest,
  ReportTextRequest,
  ScanRequest,
  type PurifyParams,
} from '../../protocol/requests';
import { programId } from '../../server/src/jobs/cache/programId';
import type { JobExecutor } from '../../server/src/jobs/executor';
import { WorkerPool } from '../../server/src/jobs/pool';
import { parseQueueUrl } from '../../server/src/jobs/remote/address';
import { JobWorker } from '../../server/src/jobs/remote/jobWorker';
import { JobCancelledError, WorkerCrashedError } from '../../server/src/jobs/workerProcess';
import { toUri } from '../../server/src/lsp/fileUri';
import { distFolder, useLspClient, type LspClient } from '../support/lspClient';
import { until } from '../support/processes';
import { RedisServer } from '../support/redis/redisServer';
import { useTinyWorkspace } from '../support/tinyWorkspace';
import { useTmpFolder } from '../support/tmpFolder';

/** Jobs of it end when they are cancelled, and not before. */
const endless: JobExecutor = {
  places: 1,
  run: (_, { signal } = {}) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new JobCancelledError()));
    }),
  dispose: () => Promise.resolve(),
};

describe('a queue', function () {
  this.timeout(60_000);
  const tmp = useTmpFolder();
  const startClient = useLspClient();
  const tiny = useTinyWorkspace();
  const password = 'pass word/1';
  let redis: RedisServer;
  let pool: WorkerPool;
  const workers: JobWorker[] = [];

  before(() => {
    pool = new WorkerPool({ script: path.join(distFolder, 'worker.js'), size: 1 });
  });
  after(() => pool.dispose());
  beforeEach(async () => {
    redis = await RedisServer.start({ folder: tmp('.'), password });
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
    await redis.kill();
  });

  async function work(executor: JobExecutor = pool): Promise<JobWorker> {
    const worker = await JobWorker.start({
      ...{ address: parseQueueUrl(redis.url), program: await programId(distFolder), executor, concurrency: 1 },
      ...{ scratch: tmp('scratch'), patience: 2 },
    });
    workers.push(worker);
    return worker;
  }

  const settings = (): object => ({ workers: 1, queue: { url: `redis://localhost:${redis.port}` } });

  const start = (folders: readonly string[] = [tiny().folder], own = settings()): Promise<LspClient> =>
    startClient({ folders, settings: own, env: { GRAPHNAD_QUEUE_PASSWORD: password } });

  const report = (client: LspClient, file: string): Promise<ScanReport> =>
    client.request(ReportRequest.method, { uri: toUri(file) });

  const purification = (output: string): PurifyParams => ({
    ...{ uri: toUri(tiny().model), dataUri: toUri(tiny().data), outputUri: toUri(tmp(output)), jobId: output },
    ...{ holdingRate: 0.3, options: { method: 'finetune' } },
  });

  /** Everything that the server ever said where people or their bug reports see it. */
  const said = ({ log, statuses, models, published }: LspClient): string =>
    JSON.stringify([log, statuses, [...models], [...published]]);

  const queueOf = (client: LspClient) => client.statuses.at(-1)?.queue;

  async function untilAssessed(client: LspClient, file = tiny().model): Promise<ScanReport> {
    await until(
      'a verdict',
      async () => {
        const { backdoor } =
          (await client.request<ScanReport | null>(ReportRequest.method, { uri: toUri(file) })) ?? {};
        return backdoor !== undefined && backdoor.kind !== 'not-assessed';
      },
      30_000,
    );
    return report(client, file);
  }

  it('scans with the same outcome as this machine does', async () => {
    await work();
    const [remote, local] = await Promise.all([start(), startClient({ folders: [tiny().folder] })]);
    assert.deepEqual(await untilAssessed(remote), await untilAssessed(local));
    await until('findings', () => [local, remote].every((client) => client.diagnostics(tiny().model)));
    assert.deepEqual(remote.diagnostics(tiny().model), local.diagnostics(tiny().model));
    // Code is looked at here, behaviour elsewhere.
    assert.ok(remote.jobs.some((line) => line.includes('started: scan of gin.pt (code-safety)')));
    assert.deepEqual(
      remote.jobs.filter((line) => /scan of .*background/.test(line)),
      [],
    );
    assert.ok(!said(remote).includes(password) && !said(remote).includes(encodeURIComponent(password)));
  });

  it('says that no worker is connected, and goes on when there is one', async () => {
    const client = await start();
    await until('it to wait', () => client.model(tiny().model)?.activity === 'no-worker');
    assert.equal(client.model(tiny().model)?.verdict, 'not-assessed');
    await until('it to be counted', () => queueOf(client)?.counts?.waiting === 1);
    assert.deepEqual(queueOf(client), {
      address: `redis://localhost:${redis.port}`,
      counts: { workers: 0, otherWorkers: 0, troubles: [], waiting: 1, active: 0 },
    });
    await work();
    await untilAssessed(client);
  });

  it('says that the memory of the server is full, until there is room again', async () => {
    const client = await start();
    await until('it to be counted', () => queueOf(client)?.counts?.waiting === 1);
    const server = new Redis(redis.url);
    try {
      await server.config('SET', 'maxmemory', '512kb');
      await until('it to be told', () => queueOf(client)?.trouble === 'its memory is full (maxmemory)');
      await server.config('SET', 'maxmemory', '0');
      await until('it to be over', () => queueOf(client)?.trouble === undefined);
    } finally {
      server.disconnect();
    }
    await work();
    await untilAssessed(client);
  });

  it('loses nothing when the process that does a job is killed', async () => {
    await work();
    const client = await start();
    await until('it to be scanned', () => client.toldOf(tiny().model).some(({ activity }) => activity === 'scanning'));
    pool.processIds.forEach((id) => process.kill(id, 'SIGKILL'));
    await untilAssessed(client);
  });

  it('gives up a job that ends its process each time: it is not assessed, and why is told', async () => {
    const crash = (): Promise<never> => Promise.reject(new WorkerCrashedError(134, null, ['its last words']));
    await work({ places: 1, run: crash, dispose: () => Promise.resolve() });
    const client = await start();
    const [finding] = await client.untilCodes(tiny().model, 'GN906');
    assert.match(finding.message, /^Not assessed for backdoors: .*is not tried any more: .*exit code 134.*in 3 tries/);
    const text = await client.request<string>(ReportTextRequest.method, { uri: toUri(tiny().model) });
    assert.match(text, /its last words/);
  });

  it('is looked at before anything is asked of it', async () => {
    const client = await start([]);
    await until('it to be counted', () => queueOf(client)?.counts?.workers === 0);
    await client.changeSettings({ queue: { url: 'redis://localhost:1' } });
    await until('the trouble', () => /cannot be reached/.test(queueOf(client)?.trouble ?? ''));
  });

  it('that cannot be reached leaves models not assessed, says so once, and is tried again', async () => {
    await redis.kill();
    const client = await start();
    const [finding] = await client.untilCodes(tiny().model, 'GN906');
    assert.match(finding.message, /^Not assessed for backdoors: the queue cannot be reached: .*ECONNREFUSED/);
    await until('the status', () => queueOf(client)?.trouble !== undefined);
    assert.equal(client.log.filter((line) => line.includes('cannot be used')).length, 1);
    assert.deepEqual(
      client.jobs.filter((line) => line.includes('background')),
      [],
    );
    await redis.start();
    await work();
    // Somebody who asks does not wait for the next try.
    const { backdoor } = await client.request<ScanReport>(ScanRequest.method, { uri: toUri(tiny().model) });
    assert.notEqual(backdoor.kind, 'not-assessed');
    await untilAssessed(client);
    await until('the trouble to be over', () => queueOf(client)?.trouble === undefined);
  });

  it('is left when the settings say so: what it has not done is done here', async () => {
    const client = await start();
    await until('it to wait', () => client.model(tiny().model)?.activity === 'no-worker');
    await client.changeSettings({ workers: 1 });
    await untilAssessed(client);
    assert.ok(client.jobs.some((line) => line.includes('started: scan of gin.pt (background)')));
    assert.equal(queueOf(client), undefined);
  });

  it('is not used with a password in the settings, which is not repeated', async () => {
    const client = await start([tiny().folder], { queue: { url: redis.url } });
    const [finding] = await client.untilCodes(tiny().model, 'GN906');
    assert.match(finding.message, /there is a password in the setting/);
    assert.ok(!said(client).includes(encodeURIComponent(password)));
  });

  it('that is lost for a while keeps nobody waiting who cancels, and goes on when it is back', async () => {
    const client = await start();
    await until('it to wait', () => client.model(tiny().model)?.activity === 'no-worker');
    await redis.kill();
    await until('the trouble', () => queueOf(client)?.trouble !== undefined);
    const source = new CancellationTokenSource();
    const cancelled = client.failure(ScanRequest.method, { uri: toUri(tiny().model) }, source.token);
    await until('it to be scanned', () => client.model(tiny().model)?.activity === 'scanning');
    source.cancel();
    assert.equal((await cancelled).message, 'Cancelled');
    await redis.start();
    await work();
    await untilAssessed(client);
    await until('the trouble to be over', () => queueOf(client)?.trouble === undefined);
    assert.equal(client.log.filter((line) => line.includes('cannot be used')).length, 1);
  });

  it('is told of what is not wanted any more, one by one or because the window is closed', async () => {
    const worker = await work(endless);
    const client = await start();
    await until('it to run there', () => worker.jobs.length === 1);
    const source = new CancellationTokenSource();
    const cancelled = client.failure(PurifyRequest.method, purification('none.pt'), source.token);
    await until('it to wait', () => client.progress.some(({ progress }) => progress.waits === 'in-queue'));
    source.cancel();
    assert.equal((await cancelled).message, 'Cancelled');
    assert.equal(worker.jobs.length, 1);
    assert.deepEqual(await client.shutDown(), [0, null]);
    await until('it to end there', () => worker.jobs.length === 0);
  });

  it('purifies into a file here', async () => {
    await work();
    const client = await start([]);
    await client.request(PurifyRequest.method, purification('out.pt'));
    assert.ok(readFileSync(tmp('out.pt')).length > 0);
  });
});

import { realpathSync } from 'node:fs';
import { Queue } from 'bullmq';
import Redis from 'ioredis';
import { WorkerPool } from '../../../server/src/jobs/pool';
import { parseQueueUrl } from '../../../server/src/jobs/remote/address';
import { JobWorker } from '../../../server/src/jobs/remote/jobWorker';
import { outcomeKey, prefix, queueName } from '../../../server/src/jobs/remote/keys';
import type { JobMessage } from '../../../server/src/jobs/remote/message';
import { RemoteExecutor, type RemoteOptions } from '../../../server/src/jobs/remote/remoteExecutor';
import { fragileOptions, workerOptions } from '../poolOptions';
import { useTmpFolder } from '../tmpFolder';
import { RedisServer } from './redisServer';

export interface TestWorker {
  /** Ids of the jobs that it began, in order. */
  readonly started: readonly string[];
  /** What it said of the queue, and an empty text where that is well. */
  readonly troubles: readonly string[];
  /** Ids of the jobs that it is at. */
  jobs(): readonly string[];
  close(): Promise<void>;
}

export interface TestQueue {
  /** A folder of the test's own. */
  readonly tmp: (...parts: string[]) => string;
  /** The server's address. */
  url(): string;
  executor(options?: Partial<RemoteOptions>): Promise<RemoteExecutor>;
  worker(options?: {
    readonly folders?: readonly string[];
    /** Runs `fragileWorker.ts`. */
    readonly fragile?: boolean;
    readonly concurrency?: number;
  }): Promise<TestWorker>;
  /** Kills the server and starts it again. */
  restart(): Promise<void>;
  /** Models of the jobs that wait, the next first. */
  waitingModels(): Promise<string[]>;
  /** What the queue says has happened to its jobs, in order. */
  events(): Promise<string[]>;
  /** As after a week. */
  forgetOutcomes(): Promise<void>;
}

/** A queue over a real server for each test of the surrounding `describe`, with asker and workers in this process. */
export function useQueue(): TestQueue {
  const tmp = useTmpFolder();
  const open: (() => Promise<void>)[] = [];
  const pools = new Map<boolean, WorkerPool>();
  const { XDG_STATE_HOME } = process.env;
  let redis: RedisServer;
  let workers = 0;

  beforeEach(async () => {
    // Runs are noted there, and not among those of whoever runs the tests.
    process.env.XDG_STATE_HOME = tmp('state');
    redis = await RedisServer.start({ folder: tmp() });
  });
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
    await redis.kill();
    if (XDG_STATE_HOME === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = XDG_STATE_HOME;
  });
  after(() => Promise.all([...pools.values()].map((pool) => pool.dispose())));

  const address = (): ReturnType<typeof parseQueueUrl> => parseQueueUrl(redis.url);
  return {
    tmp,
    url: () => redis.url,
    async executor(options = {}) {
      const executor = await RemoteExecutor.connect({
        address: address(),
        program: undefined,
        run: 'test',
        ...options,
      });
      open.push(() => executor.dispose());
      return executor;
    },
    async worker({ folders, fragile = false, concurrency = 2 } = {}) {
      const pool = pools.get(fragile) ?? new WorkerPool({ ...(fragile ? fragileOptions : workerOptions), size: 2 });
      pools.set(fragile, pool);
      const started: string[] = [];
      const troubles: string[] = [];
      const worker = await JobWorker.start({
        ...{ address: address(), program: undefined, executor: pool, concurrency, folders, patience: 2, pause: 10 },
        scratch: `${realpathSync(tmp())}/worker-${++workers}`,
        onEvent: ({ what, job }) => what === 'started' && started.push(job),
        onConnection: (trouble) => troubles.push(trouble),
      });
      open.push(() => worker.close());
      return { started, troubles, jobs: () => worker.jobs, close: () => worker.close() };
    },
    async restart() {
      await redis.kill();
      await redis.start();
    },
    async waitingModels() {
      const client = new Redis(redis.url, { maxRetriesPerRequest: null });
      const jobs = new Queue<JobMessage>(queueName(undefined), { connection: client, prefix });
      const waiting = await jobs.getWaiting();
      await jobs.close();
      client.disconnect();
      return waiting.map(({ data: { task } }) => (task.kind === 'grid' ? '' : task.model));
    },
    async events() {
      const client = new Redis(redis.url);
      const events = await client.xrange(`${prefix}:${queueName(undefined)}:events`, '-', '+');
      client.disconnect();
      return events.map(([, fields]) => fields[fields.indexOf('event') + 1]);
    },
    async forgetOutcomes() {
      const client = new Redis(redis.url);
      const keys = await client.keys(outcomeKey('*'));
      await client.del(...keys);
      client.disconnect();
    },
  };
}

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { RedisServer } from '../../test/support/redis/redisServer';
import { makeZoo } from '../../test/support/zoo';
import { takeTurns } from '../engine/samples';
import { graphnad, startWorker, type RunningWorker } from './queuedScan';

/** One way to have models scanned. */
export interface Contestant {
  readonly name: string;
  /** Workers of the queue, each with one job at a time; 0 without a queue. */
  readonly workers: number;
  /** Jobs at the same time. */
  readonly jobs: number;
  /** Seconds of each turn. */
  readonly seconds: readonly number[];
}

export interface Throughput {
  readonly models: number;
  readonly contestants: readonly Contestant[];
}

const graphs = 60;

/**
 * Scans the same models by the local pool and by workers of a queue, in turns. Workers are there before the time
 * begins, as they are where a queue is used, but have to start the processes that do the jobs, as the pool has to.
 *
 * @throws where a result differs from the local one
 */
export async function measureThroughput(options: {
  readonly folder: string;
  readonly models: number;
  readonly turns: number;
}): Promise<Throughput> {
  const { folder, models, turns } = options;
  const zoo = await makeZoo(path.join(folder, 'throughput'), { models, graphs });
  const command = ['scan', zoo.models, '--data', zoo.data, '--json'];
  let expected: string | undefined;
  let redisFolders = 0;

  const local = async (jobs: number): Promise<number> => {
    const { seconds, output } = await graphnad([...command, '--jobs', String(jobs)]);
    requireSame(output);
    return seconds;
  };
  const queued = async (count: number): Promise<number> => {
    const data = path.join(folder, `redis-${++redisFolders}`);
    mkdirSync(data);
    // A server of its own each time: what is done is not done again.
    const redis = await RedisServer.start({ folder: data });
    const workers: RunningWorker[] = [];
    try {
      for (let i = 0; i < count; i++) workers.push(await startWorker(redis.url, 1, path.join(data, `cache-${i}`)));
      const { seconds, output } = await graphnad([...command, '--queue', redis.url]);
      requireSame(output);
      return seconds;
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
      await redis.kill();
    }
  };
  function requireSame(output: string): void {
    expected ??= output;
    if (output !== expected) throw new Error('the results differ');
  }

  const ways: readonly [string, number, number][] = [
    ['local pool, 1 process', 0, 1],
    ['local pool, 2 processes', 0, 2],
    ['queue, 1 worker', 1, 1],
    ['queue, 2 workers', 2, 2],
    ['queue, 4 workers', 4, 4],
  ];
  const samples = await takeTurns(
    turns,
    ways.map(
      ([, workers, jobs]) =>
        () =>
          workers === 0 ? local(jobs) : queued(workers),
    ),
  );
  return {
    models,
    contestants: ways.map(([name, workers, jobs], i) => ({ name, workers, jobs, seconds: samples[i] })),
  };
}

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Redis from 'ioredis';
import { RedisServer } from '../../test/support/redis/redisServer';
import { makeZoo } from '../../test/support/zoo';
import { graphnad, startWorker } from './queuedScan';

/** What the queue itself takes of a job that takes next to nothing: a scan of the code of a small model. */
export interface Cost {
  readonly models: number;
  /** Milliseconds a job takes longer than with the local pool, as many processes. */
  readonly milliseconds: number;
  /** Processor time of Redis for a job, in milliseconds. */
  readonly redisMilliseconds: number;
  /** Commands that Redis answers for a job. */
  readonly commands: number;
  /** Bytes through Redis for a job, both ways together. */
  readonly bytes: number;
  /** Bytes of memory of Redis that a finished job keeps. */
  readonly keptBytes: number;
  /** Mean size of a model's file. */
  readonly modelBytes: number;
  /** Seconds that one core takes for a whole scan of such a model, with its data set. */
  readonly scanSeconds: number;
}

/** Models that are scanned whole, to know what a scan takes. */
const scanned = 20;

export async function measureCost(options: { readonly folder: string; readonly models: number }): Promise<Cost> {
  const { folder, models } = options;
  const zoo = await makeZoo(path.join(folder, 'cost'), { models, graphs: 40 });
  const command = ['scan', zoo.models, '--code-only', '--json'];
  const local = await graphnad([...command, '--jobs', '1']);
  const few = await makeZoo(path.join(folder, 'scans'), { models: scanned, graphs: 60 });
  const scans = await graphnad(['scan', few.models, '--data', few.data, '--json', '--jobs', '1']);
  const data = path.join(folder, 'redis-cost');
  mkdirSync(data);
  const redis = await RedisServer.start({ folder: data });
  const client = new Redis(redis.url);
  const worker = await startWorker(redis.url, 1, path.join(data, 'cache'));
  try {
    const before = await factsOf(client);
    const queued = await graphnad([...command, '--queue', redis.url]);
    if (queued.output !== local.output) throw new Error('the results differ');
    const after = await factsOf(client);
    const perJob = (name: string): number => ((after.get(name) ?? 0) - (before.get(name) ?? 0)) / models;
    const { reports } = JSON.parse(local.output) as { readonly reports: readonly { readonly bytes: number }[] };
    return {
      models,
      milliseconds: (1000 * (queued.seconds - local.seconds)) / models,
      redisMilliseconds: 1000 * (perJob('used_cpu_user') + perJob('used_cpu_sys')),
      commands: perJob('total_commands_processed'),
      bytes: perJob('total_net_input_bytes') + perJob('total_net_output_bytes'),
      keptBytes: perJob('used_memory'),
      scanSeconds: scans.seconds / scanned,
      modelBytes: reports.reduce((sum, { bytes }) => sum + bytes, 0) / models,
    };
  } finally {
    await worker.stop();
    client.disconnect();
    await redis.kill();
  }
}

async function factsOf(client: Redis): Promise<ReadonlyMap<string, number>> {
  const lines = (await client.info('all')).split(/\r?\n/);
  return new Map(lines.map((line) => [line.split(':')[0], Number(line.split(':')[1])] as const));
}

import type { Redis } from 'ioredis';
import { isList, isNumber, isObject, isText } from '../cache/checks';
import { cancelChannel, contentKey, keptFor, needsKey, runJobsKey, runKey, runsKey, wantedKey } from './keys';
import { serverTime } from './serverTime';

/** What was asked for under one name. */
export interface RunRecord {
  /** Command line, without the program's name and the address of the queue. */
  readonly command: readonly string[];
  /** Absolute path of the folder that it was given in. */
  readonly folder: string;
  readonly host: string;
  /** Milliseconds since 1970, by the server's clock. */
  readonly begun: number;
}

/** A run among others. */
export interface ListedRun extends RunRecord {
  readonly name: string;
  /** When it was last seen to, in milliseconds since 1970, by the server's clock. */
  readonly seen: number;
  /** Number of jobs that it has asked for so far. */
  readonly jobs: number;
}

const isRunRecord = isObject<RunRecord>({
  command: isList(isText),
  folder: isText,
  host: isText,
  begun: isNumber,
});

/** Notes that a run wants a job, and when, by the server's own clock. */
const wantScript = `
  for i = 1, 2 do
    redis.call('SADD', KEYS[i], ARGV[i])
    redis.call('EXPIRE', KEYS[i], ARGV[3])
  end
  local time = redis.call('TIME')
  return redis.call('ZADD', KEYS[3], time[1] * 1000 + math.floor(time[2] / 1000), ARGV[1])`;

/**
 * Takes a run's name from those that want a job. Where none is left, what the job needs is let go and workers are told, in
 * one step: whoever wants it from then on finds that it lacks its files, and brings them again.
 */
const unwantScript = `
  redis.call('SREM', KEYS[1], ARGV[1])
  if redis.call('SCARD', KEYS[1]) > 0 then return 0 end
  for i = 2, #KEYS, 2 do
    redis.call('SREM', KEYS[i + 1], ARGV[2])
    if redis.call('SCARD', KEYS[i + 1]) == 0 then redis.call('UNLINK', KEYS[i]) end
  end
  redis.call('PUBLISH', ARGV[3], ARGV[2])
  return 1`;

/** Which runs there are, and which jobs each wants. A job that no run wants is not done, and ended where it runs. */
export class RunBook {
  constructor(private readonly client: Redis) {}

  /** Writes down a run; one that is begun again under its name keeps its jobs, and the time when it was begun at first. */
  async begin(name: string, run: Omit<RunRecord, 'begun'>): Promise<void> {
    const now = await serverTime(this.client);
    const record: RunRecord = { ...run, begun: (await this.record(name))?.begun ?? now };
    await this.client.multi().set(runKey(name), JSON.stringify(record), 'EX', keptFor).zadd(runsKey, now, name).exec();
  }

  /** @returns undefined where no run has this name (any more) */
  async record(name: string): Promise<RunRecord | undefined> {
    const text = await this.client.get(runKey(name));
    const record: unknown = text === null ? undefined : JSON.parse(text);
    return isRunRecord(record) ? record : undefined;
  }

  /** Runs of the last week, the one that was seen to last first. */
  async list(): Promise<ListedRun[]> {
    await this.client.zremrangebyscore(runsKey, 0, (await serverTime(this.client)) - keptFor * 1000);
    const names = await this.client.zrange(runsKey, '+inf', 0, 'BYSCORE', 'REV', 'WITHSCORES');
    const runs: ListedRun[] = [];
    for (let i = 0; i < names.length; i += 2) {
      const record = await this.record(names[i]);
      if (record === undefined) continue;
      runs.push({
        ...record,
        name: names[i],
        seen: Number(names[i + 1]),
        jobs: await this.client.scard(runJobsKey(names[i])),
      });
    }
    return runs;
  }

  /** Ids of all jobs that a run has asked for. */
  async jobs(name: string): Promise<string[]> {
    return this.client.smembers(runJobsKey(name));
  }

  async want(name: string, job: string): Promise<void> {
    await this.client.eval(wantScript, 3, wantedKey(job), runJobsKey(name), runsKey, name, job, keptFor);
  }

  /**
   * @param contents SHA-256 of files that the job needs and that travel through the queue
   * @returns whether no other run wants the job; workers have been told then
   */
  async unwant(name: string, job: string, contents: readonly string[]): Promise<boolean> {
    const keys = [wantedKey(job), ...contents.flatMap((sha256) => [contentKey(sha256), needsKey(sha256)])];
    return (await this.client.eval(unwantScript, keys.length, ...keys, name, job, cancelChannel)) === 1;
  }

  async isWanted(job: string): Promise<boolean> {
    return (await this.client.exists(wantedKey(job))) === 1;
  }

  /** Forgets a run; its jobs are to be unwanted before. */
  async end(name: string): Promise<void> {
    // One by one: a server whose memory is full takes no transactions, not even those that make room.
    await this.client.del(runKey(name), runJobsKey(name));
    await this.client.zrem(runsKey, name);
  }
}

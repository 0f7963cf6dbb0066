import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { troublesKey, workersKey } from './keys';
import { repeated } from './repeated';
import { serverTime } from './serverTime';

/** How often a worker says that it is there, and after what time it no longer counts, in milliseconds. */
const interval = 5_000;
const goneAfter = 20_000;

/** Workers that are there. */
export interface Workers {
  /** Of this build: they do the jobs that are asked for here. */
  readonly own: number;
  /** Of other builds. */
  readonly others: number;
  /** What keeps those of this build from working that cannot, such as a disk that is full. */
  readonly troubles: readonly string[];
}

/** Says that a worker is there, until it is stopped. */
export class Presence {
  private readonly member: string;
  private readonly endSaying: () => void;

  /** @param queue that the worker serves */
  constructor(
    private readonly client: Redis,
    queue: string,
  ) {
    this.member = `${queue} ${hostname()} ${process.pid} ${randomUUID()}`;
    this.endSaying = repeated(interval, () => this.say());
    this.say().catch(() => undefined); // it is said again
  }

  /** @param trouble what keeps the worker from working, a clause without a full stop; undefined once it is over */
  async setTrouble(trouble: string | undefined): Promise<void> {
    if (trouble === undefined) await this.client.hdel(troublesKey, this.member);
    else await this.client.hset(troublesKey, this.member, `${hostname()}: ${trouble}`);
  }

  async stop(): Promise<void> {
    this.endSaying();
    await this.client.multi().zrem(workersKey, this.member).hdel(troublesKey, this.member).exec();
  }

  private async say(): Promise<void> {
    const now = await serverTime(this.client);
    await this.client
      .multi()
      .zadd(workersKey, now, this.member)
      .zremrangebyscore(workersKey, 0, now - 10 * goneAfter)
      .exec();
  }
}

/** Counts workers by when they were last heard of. */
export async function workersOf(client: Redis, queue: string): Promise<Workers> {
  const members = await client.zrangebyscore(workersKey, (await serverTime(client)) - goneAfter, '+inf');
  const own = members.filter((member) => member.startsWith(`${queue} `));
  const troubles = own.length === 0 ? [] : await client.hmget(troublesKey, ...own);
  return {
    own: own.length,
    others: members.length - own.length,
    troubles: troubles.filter((trouble) => trouble !== null),
  };
}

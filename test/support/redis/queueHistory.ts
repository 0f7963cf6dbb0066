import type Redis from 'ioredis';
import { prefix } from '../../../server/src/jobs/remote/keys';

export interface QueueHistory {
  /** Jobs that ended, and how often each did. */
  readonly ends: ReadonlyMap<string, number>;
  /** Jobs that were begun more than once. */
  readonly repeated: number;
}

/** What the queue's own record of events says of its jobs. */
export async function queueHistory(client: Redis): Promise<QueueHistory> {
  const [key] = await client.keys(`${prefix}:jobs-*:events`);
  const events = key === undefined ? [] : await client.xrange(key, '-', '+');
  const ends = new Map<string, number>();
  const begun = new Map<string, number>();
  for (const [, fields] of events) {
    const event = new Map(fields.flatMap((field, i) => (i % 2 === 0 ? [[field, fields[i + 1]] as const] : [])));
    const job = event.get('jobId') ?? '';
    const count = { completed: ends, active: begun }[event.get('event') ?? ''];
    count?.set(job, (count.get(job) ?? 0) + 1);
  }
  return { ends, repeated: [...begun.values()].filter((count) => count > 1).length };
}

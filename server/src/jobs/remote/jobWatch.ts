import { setTimeout as delay } from 'node:timers/promises';
import { QueueEvents, type Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { JobProgress } from '../../../../protocol/reports';
import { prefix } from './keys';
import { repeated } from './repeated';
import { received } from './sentProgress';
import { reasonOf } from './trouble';

/** How often the queue is asked about jobs that nothing was heard of, in milliseconds: news may be lost. */
const askInterval = 5_000;
/** Jobs that are asked about at a time. */
const askedAtOnce = 200;
/** How long the end of the connection is waited for, in milliseconds. */
const closeLimit = 1_000;

/** How a job ended, as the queue has it. */
export type JobEnd = { readonly kind: 'completed' | 'removed' } | { readonly kind: 'failed'; readonly reason: string };

export interface JobNews {
  readonly onStart?: () => void;
  readonly onProgress?: (progress: JobProgress) => void;
}

interface Watched extends JobNews {
  readonly end: (end: JobEnd) => void;
}

/** Waits for jobs of a queue, by its news and, where news are lost, by asking. */
export class JobWatch {
  private readonly watched = new Map<string, Set<Watched>>();
  private readonly events: QueueEvents;
  private readonly endAsking: () => void;

  /** @param listening a connection of its own: it is kept busy waiting for news */
  constructor(
    private readonly queue: Queue,
    listening: Redis,
    onTrouble: (trouble: string) => void,
  ) {
    this.events = new QueueEvents(queue.name, { connection: listening, prefix });
    this.events.on('error', (error) => onTrouble(reasonOf(error)));
    this.events.on('active', ({ jobId }) => this.each(jobId, ({ onStart }) => onStart?.()));
    this.events.on('progress', ({ jobId, data }) => {
      for (const progress of received(data)) this.each(jobId, ({ onProgress }) => onProgress?.(progress));
    });
    this.events.on('completed', ({ jobId }) => this.end(jobId, { kind: 'completed' }));
    this.events.on('failed', ({ jobId, failedReason }) => this.end(jobId, { kind: 'failed', reason: failedReason }));
    this.events.on('removed', ({ jobId }) => this.end(jobId, { kind: 'removed' }));
    this.endAsking = repeated(askInterval, () => this.ask([...this.watched.keys()]));
  }

  /** Resolves when news of jobs that are asked for from now on will be heard. */
  async ready(): Promise<void> {
    await this.events.waitUntilReady();
  }

  /**
   * Waits for the end of a job.
   *
   * @param begin puts it into the queue; what ended before is found out by asking
   */
  async until(job: string, begin: () => Promise<void>, news: JobNews): Promise<JobEnd> {
    let end!: (end: JobEnd) => void;
    const ended = new Promise<JobEnd>((resolve) => (end = resolve));
    const leave = this.enter(job, { ...news, end });
    try {
      await begin();
      return await ended;
    } finally {
      leave();
    }
  }

  /** @returns ends the watching */
  private enter(job: string, watched: Watched): () => void {
    const watchers = this.watched.get(job) ?? new Set();
    this.watched.set(job, watchers.add(watched));
    return () => {
      watchers.delete(watched);
      if (watchers.size === 0) this.watched.delete(job);
    };
  }

  /** Asks how jobs stand, where news of them may have come too early or not at all. */
  async ask(jobs: readonly string[]): Promise<void> {
    for (let i = 0; i < jobs.length; i += askedAtOnce) {
      const some = jobs.slice(i, i + askedAtOnce);
      const states = await Promise.all(some.map(async (id) => [id, await this.queue.getJobState(id)] as const));
      for (const [id, state] of states) {
        if (state === 'completed') this.end(id, { kind: 'completed' });
        else if (state === 'failed') this.end(id, { kind: 'failed', reason: await this.reasonOf(id) });
        else if (state === 'unknown') this.end(id, { kind: 'removed' });
        else if (state === 'active') this.each(id, ({ onStart }) => onStart?.());
      }
    }
  }

  async close(): Promise<void> {
    this.endAsking();
    // While the connection is lost, its end is never told.
    const closed = this.events.close().catch(() => undefined);
    await Promise.race([closed, delay(closeLimit, undefined, { ref: false })]);
  }

  private async reasonOf(id: string): Promise<string> {
    return (await this.queue.getJob(id))?.failedReason ?? '';
  }

  private end(job: string, end: JobEnd): void {
    this.each(job, (watched) => watched.end(end));
  }

  private each(job: string, tell: (watched: Watched) => void): void {
    this.watched.get(job)?.forEach(tell);
  }
}

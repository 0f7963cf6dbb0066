import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { QueueAddress } from './address';
import { cancelJob } from './cancelJob';
import { connect } from './connection';
import { prefix, queueName } from './keys';
import { isJobMessage } from './messageChecks';
import { RunBook, type ListedRun, type RunRecord } from './runBook';
import { asQueueError } from './trouble';

/** How far the jobs of a run are. */
export interface RunProgress {
  readonly waiting: number;
  readonly running: number;
  readonly done: number;
  /** Those that are not tried any more. */
  readonly failed: number;
}

/** Looks at the runs of a queue from outside, and ends them. */
export class RunControl {
  private constructor(
    private readonly client: Redis,
    private readonly queue: Queue,
    private readonly book: RunBook,
    /** Address of the queue, for people. */
    private readonly shown: string,
  ) {}

  /**
   * @param program see `programId`
   * @throws QueueError where the queue cannot be used
   */
  static async connect(address: QueueAddress, program: string | undefined): Promise<RunControl> {
    const client = await connect(address);
    const queue = new Queue(queueName(program), { connection: client, prefix });
    // What cannot be asked for lack of a connection is asked when there is one again.
    queue.on('error', () => undefined);
    return new RunControl(client, queue, new RunBook(client), address.shown);
  }

  list(): Promise<ListedRun[]> {
    return this.book.list();
  }

  /** @throws QueueError where the server takes nothing (any more) */
  async begin(name: string, run: Omit<RunRecord, 'begun'>): Promise<void> {
    try {
      await this.book.begin(name, run);
    } catch (error) {
      throw asQueueError(error, this.shown);
    }
  }

  /** @returns undefined where no run has this name (any more) */
  record(name: string): Promise<RunRecord | undefined> {
    return this.book.record(name);
  }

  /** Counts a run's jobs by how far they are, as far as programs of this build asked for them. */
  async progress(name: string): Promise<RunProgress> {
    const count = { waiting: 0, running: 0, done: 0, failed: 0 };
    for (const job of await this.book.jobs(name)) {
      const state = await this.queue.getJobState(job);
      if (state === 'completed') count.done++;
      else if (state === 'failed') count.failed++;
      else if (state === 'active') count.running++;
      else if (state !== 'unknown') count.waiting++;
    }
    return count;
  }

  /**
   * Cancels a run: jobs that no other run wants are taken out of the queue, or ended where they run.
   *
   * @returns how many of its jobs had not ended; undefined where no run has this name
   */
  async cancel(name: string): Promise<number | undefined> {
    if ((await this.book.record(name)) === undefined) return undefined;
    let ended = 0;
    for (const job of await this.book.jobs(name)) {
      const state = await this.queue.getJobState(job);
      if (state === 'completed' || state === 'failed') continue;
      const data: unknown = (await this.queue.getJob(job))?.data;
      const message = isJobMessage(data) ? data : undefined;
      if (await cancelJob(this.queue, this.book, { id: job, run: name, message })) ended++;
    }
    await this.book.end(name);
    return ended;
  }

  async close(): Promise<void> {
    await this.queue.close();
    this.client.disconnect();
  }
}

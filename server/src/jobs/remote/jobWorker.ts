import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { ErrorCode, UnrecoverableError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { ContentHashes } from '../cache/contentHashes';
import type { JobExecutor } from '../executor';
import { QueueError, type QueueAddress } from './address';
import { BegunJob, type JobWorkerEvent, type Surroundings } from './begunJob';
import { connect, openConnection, type OnConnection } from './connection';
import { ContentStore } from './contentStore';
import { failureText, type Failure } from './failure';
import { InputStore } from './inputStore';
import { removeAbandoned } from './jobFolder';
import { jobIdOf } from './jobId';
import type { Workshop } from './jobTry';
import { cancelChannel, crashesKey, lockKey, prefix, queueName, wantedKey } from './keys';
import { travelledOf, type JobMessage } from './message';
import { isJobMessage } from './messageChecks';
import { Presence } from './presence';
import { repeated } from './repeated';
import { RunBook } from './runBook';
import { reasonOf } from './trouble';
import { mostVanished } from './tries';
import { requireWorkplace } from './workplace';

/** How often a worker asks whether its jobs are still wanted, in milliseconds: messages may be lost. */
const wantedInterval = 5_000;
/** How long a worker without room takes no jobs, in milliseconds. */
const restTime = 15_000;

export interface JobWorkerOptions {
  readonly address: QueueAddress;
  /** See `programId`. */
  readonly program: string | undefined;
  /** Does the jobs, in processes that may die. */
  readonly executor: JobExecutor;
  /** Jobs at the same time. */
  readonly concurrency: number;
  /** Absolute paths of the folders that jobs may read where they lie; none where absent. */
  readonly folders?: readonly string[];
  /** Absolute path of a folder for files that come through the queue, and those that jobs write. */
  readonly scratch: string;
  /** After this time without a word a worker is taken for dead, and others do its jobs, in seconds. Default 30. */
  readonly patience?: number;
  /** Pause before a job that came to nothing is tried again, in milliseconds. Default 500. */
  readonly pause?: number;
  readonly onEvent?: (event: JobWorkerEvent) => void;
  readonly onConnection?: OnConnection;
}

const foreignMessage: Failure = { kind: 'refused', reason: 'its message is not a job of this version' };

/** How the queue answers a worker that would say something of a job that is not its own any more. */
const notItsOwn: ReadonlySet<unknown> = new Set([
  ...[ErrorCode.JobNotExist, ErrorCode.JobLockNotExist],
  ...[ErrorCode.JobNotInState, ErrorCode.JobLockMismatch],
]);

/**
 * Does the jobs of a queue. Whatever happens to it, a job that it had begun is done by another worker: its outcome is
 * kept before the job counts as done, and it counts as done once.
 */
export class JobWorker {
  private readonly running = new Map<string, BegunJob>();
  private readonly book: RunBook;
  private readonly workshop: Workshop;
  private readonly presence: Presence;
  private readonly worker: Worker<unknown, null>;
  private readonly blocking: Redis;
  private readonly listener: Redis;
  private readonly endChecking: () => void;
  private closing = false;
  private resting: NodeJS.Timeout | undefined;

  private constructor(
    private readonly options: JobWorkerOptions,
    private readonly client: Redis,
    allowed: readonly string[],
  ) {
    const { address, program, executor, concurrency, scratch, patience = 30, onConnection } = options;
    const content = new ContentStore(client);
    this.book = new RunBook(client);
    const inputs = new InputStore(path.join(scratch, 'content'), content);
    this.workshop = {
      ...{ executor, client, content },
      places: { allowed, scratch, inputs, hashes: new ContentHashes() },
    };
    this.presence = new Presence(client, queueName(program));
    this.blocking = openConnection(address, onConnection);
    this.listener = openConnection(address);
    this.listener.on('message', (_, job: string) => void this.cancelUnwanted([job]));
    // Subscribes anew by itself after the connection was lost.
    this.listener.subscribe(cancelChannel).catch(() => undefined);
    this.worker = new Worker<unknown, null>(queueName(program), (job, token) => this.process(job, token ?? ''), {
      connection: this.blocking,
      prefix,
      concurrency,
      lockDuration: patience * 1000,
      stalledInterval: (patience * 1000) / 2,
      maxStalledCount: mostVanished,
    });
    this.worker.on('error', (error) => this.hear(error));
    this.worker.on('active', () => onConnection?.('')); // who gives a job takes its outcome as well
    this.worker.on('lockRenewalFailed', (jobs) => void this.endTaken(jobs).catch(() => undefined));
    this.worker.on('completed', (job) => void this.letGo(job).catch(() => undefined));
    this.endChecking = repeated(wantedInterval, () => this.cancelUnwanted(this.jobs));
  }

  /**
   * Connects a worker to a queue; it takes jobs from then on.
   *
   * @throws QueueError where the queue cannot be used, or a folder is not there; WorkplaceError
   */
  static async start(options: JobWorkerOptions): Promise<JobWorker> {
    await requireWorkplace(options.scratch);
    await removeAbandoned(options.scratch);
    const allowed: string[] = [];
    for (const folder of options.folders ?? []) {
      const real = await realpath(folder).catch(() => undefined);
      if (real === undefined) throw new QueueError(folder, 'there is no such folder to let jobs read');
      allowed.push(real);
    }
    const client = await connect(options.address, options.onConnection);
    return new JobWorker(options, client, allowed);
  }

  /** Ids of the jobs that are under way. */
  get jobs(): readonly string[] {
    return [...this.running.keys()];
  }

  /** Gives back what has begun, for other workers, and takes no more. */
  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    this.endChecking();
    clearTimeout(this.resting);
    await this.presence.stop().catch(() => undefined);
    for (const job of this.running.values()) void job.end();
    await this.worker.close();
    for (const one of [this.client, this.blocking, this.listener]) one.disconnect();
  }

  private async process(job: Job<unknown, null>, token: string): Promise<null> {
    const id = job.id ?? '';
    const { data } = job;
    const { onEvent } = this.options;
    if (!isJobMessage(data) || jobIdOf(data) !== id) {
      onEvent?.({ what: 'failed', job: id, reason: foreignMessage.reason });
      throw new UnrecoverableError(failureText(foreignMessage));
    }
    const one = new BegunJob(job, data, token, this.surroundings);
    if (!(await this.book.isWanted(id))) throw await one.unwanted();
    const earlier = this.running.get(id);
    if (earlier !== undefined) {
      // It was taken from this worker, and has come back to it. What it has twice is not renewed reliably.
      await earlier.end();
      throw await one.giveBack();
    }
    this.running.set(id, one);
    return one.do().finally(() => this.running.delete(id));
  }

  private get surroundings(): Surroundings {
    const { onEvent, onConnection, pause = 500 } = this.options;
    return {
      ...{ workshop: this.workshop, queue: this.worker.name, pause, onEvent, onConnection },
      isClosing: () => this.closing,
      rest: (lack) => this.rest(lack),
    };
  }

  /** Ends what another worker does by now. What no other has begun goes on: its outcome will be found. */
  private async endTaken(jobs: readonly string[]): Promise<void> {
    for (const id of jobs) {
      const lock = await this.client.exists(lockKey(this.worker.name, id));
      if (lock === 1) void this.running.get(id)?.end();
    }
  }

  /** Takes no jobs for a while: without what any job needs it would take them all, and do none. */
  private async rest(lack: string): Promise<void> {
    if (this.resting !== undefined) return;
    this.resting = setTimeout(() => {
      this.resting = undefined;
      this.worker.resume().catch((error: Error) => this.options.onConnection?.(reasonOf(error)));
      this.presence.setTrouble(undefined).catch(() => undefined); // the connection was lost: so is what was said
    }, restTime);
    await this.worker.pause(true);
    // Where nobody can be told, it rests all the same.
    await this.presence.setTrouble(`${lack}; it takes no jobs until that is seen to`).catch(() => undefined);
  }

  /** What a job needed goes with it. Where the connection is lost, it goes after a while of itself. */
  private async letGo({ id = '', data }: Job): Promise<void> {
    // It was checked before it was done.
    await this.workshop.content.release(id, travelledOf(data as JobMessage));
    await this.client.del(wantedKey(id), crashesKey(id));
  }

  /** Whoever cancelled it may not have known of another who wants it. */
  private async cancelUnwanted(jobs: readonly string[]): Promise<void> {
    for (const job of jobs.filter((one) => this.running.has(one))) {
      const wanted = await this.book.isWanted(job).catch(() => true);
      if (!wanted) void this.running.get(job)?.end();
    }
  }

  private hear(error: Error): void {
    const { code } = error as { code?: unknown };
    if (!notItsOwn.has(code) && !isLostLock(error)) this.options.onConnection?.(reasonOf(error));
  }
}

/** It is told so once for each job, and again by `lockRenewalFailed`. */
function isLostLock({ message }: Error): boolean {
  return message.startsWith('could not renew lock');
}

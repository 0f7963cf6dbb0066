import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { CheckpointError } from '../../checkpoint/checkpoint';
import { ContentHashes } from '../cache/contentHashes';
import type { JobExecutor, RunOptions } from '../executor';
import { JobError } from '../messages';
import { isBelow } from '../paths';
import { JobCancelledError } from '../workerProcess';
import type { QueueAddress } from './address';
import { ByteBudget } from './byteBudget';
import { cancelJob } from './cancelJob';
import { connect, openConnection, type OnConnection } from './connection';
import { ContentStore, mostContentBytes } from './contentStore';
import { deliver, requireTargets } from './deliver';
import { parseFailure } from './failure';
import { Headroom } from './headroom';
import { RunLeftError } from './jobEnds';
import { jobIdOf } from './jobId';
import { JobRecords, type AskedJob, type Returned } from './jobRecords';
import { JobSender } from './jobSender';
import { JobWatch, type JobEnd } from './jobWatch';
import { prefix, queueName } from './keys';
import type { RemoteTask } from './message';
import { packJob, type PackedJob } from './pack';
import { workersOf } from './presence';
import { RunBook } from './runBook';
import { memoryLimits, serverFacts, unfitness } from './serverFacts';
import { asQueueError, memoryIsFull, reasonOf } from './trouble';
import { untilTaken } from './untilTaken';

/** Bytes of files that wait in the queue for jobs of one asker: the memory of Redis is finite. */
const mostWaitingBytes = 512 * 2 ** 20;
/** Jobs that one asker has in the queue at the same time. */
const mostJobs = 1_000;

export interface RemoteOptions {
  readonly address: QueueAddress;
  /** See `programId`. */
  readonly program: string | undefined;
  /** Name of the run: what belongs together, can be left, come back to, and cancelled. */
  readonly run: string;
  /** Absolute paths of folders that workers see as well, and are allowed to read. */
  readonly shared?: readonly string[];
  /** Leave each job as soon as it is in the queue: `run` throws RunLeftError. */
  readonly detach?: boolean;
  /** Try jobs again that were quarantined. */
  readonly retry?: boolean;
  readonly onConnection?: OnConnection;
}

/** How things stand in the queue. */
export interface QueueStatus {
  /** Workers that do the jobs of this build, and those of other builds, which do not. */
  readonly workers: number;
  readonly otherWorkers: number;
  /** What keeps workers of this build from working that cannot. */
  readonly troubles: readonly string[];
  /** Jobs that wait and that are under way, whoever asked for them. */
  readonly waiting: number;
  readonly active: number;
  /** Why the server takes nothing, or may lose what it has taken, a clause without a full stop; absent where all is well. */
  readonly trouble?: string;
}

/**
 * Has jobs done by the workers of a queue. A job is told by what it does and the content of its files: the same one is
 * done once, whoever asks for it and how often.
 */
export class RemoteExecutor implements JobExecutor {
  readonly places = mostJobs;
  private readonly hashes = new ContentHashes();
  private readonly room = new ByteBudget(mostWaitingBytes);
  private readonly book: RunBook;
  private readonly records: JobRecords;
  private readonly sender: JobSender;
  private readonly leaving = new AbortController();
  private readonly disposing = new AbortController();
  private readonly pending = new Set<Promise<unknown>>();
  /** How many wait here for each job: the same work on a copy of a file is the same job. */
  private readonly askers = new Map<string, number>();

  private constructor(
    private readonly options: RemoteOptions,
    private readonly client: Redis,
    private readonly listening: Redis,
    private readonly queue: Queue,
    private readonly watch: JobWatch,
  ) {
    const content = new ContentStore(client);
    this.book = new RunBook(client);
    this.records = new JobRecords(queue, client, content);
    this.sender = new JobSender(queue, content, new Headroom(client));
  }

  /** @throws QueueError where the queue cannot be used */
  static async connect(options: RemoteOptions): Promise<RemoteExecutor> {
    const { address, program, onConnection } = options;
    const client = await connect(address, onConnection);
    const listening = openConnection(address);
    const queue = new Queue(queueName(program), {
      connection: client,
      prefix,
      streams: { events: { maxLen: 20_000 } },
    });
    queue.on('error', (error) => onConnection?.(reasonOf(error)));
    const watch = new JobWatch(queue, listening, (trouble) => onConnection?.(trouble));
    await watch.ready();
    return new RemoteExecutor(options, client, listening, queue, watch);
  }

  /**
   * See `JobExecutor.run`. Files that a job writes come back through the queue, and are written here whole or not at all.
   *
   * @throws also RunLeftError, JobFailedError; CheckpointError for a file that is too large to travel; QueueError where
   *   the server takes no jobs. Once it has taken one of this asker it is waited for: jobs that are done make room
   */
  run(task: unknown, options: RunOptions = {}): Promise<unknown> {
    const running = this.runTask(task as RemoteTask, options);
    this.pending.add(running);
    return running
      .catch((error: unknown) => {
        throw asQueueError(error, this.options.address.shown);
      })
      .finally(() => this.pending.delete(running));
  }

  /** How things stand in the queue. */
  async status(): Promise<QueueStatus> {
    const {
      wait = 0,
      active = 0,
      delayed = 0,
      prioritized = 0,
    } = await this.queue.getJobCounts(...(['wait', 'active', 'delayed', 'prioritized'] as const));
    const { own, others, troubles } = await workersOf(this.client, this.queue.name);
    const facts = await serverFacts(this.client, 'memory');
    const { used, most } = memoryLimits(facts);
    const trouble = used >= most ? memoryIsFull : unfitness(facts);
    return {
      ...{ workers: own, otherWorkers: others, troubles, waiting: wait + delayed + prioritized, active },
      ...(trouble === undefined ? {} : { trouble }),
    };
  }

  /** Lets jobs go on without anybody waiting for them here; `run` throws RunLeftError. */
  async leave(): Promise<void> {
    this.leaving.abort(new RunLeftError(this.options.run));
    await this.close();
  }

  /** Cancels what was asked for here and has not ended, as far as no other run wants it. */
  async dispose(): Promise<void> {
    this.disposing.abort(new JobCancelledError());
    await this.close();
  }

  private async close(): Promise<void> {
    await Promise.allSettled(this.pending);
    await this.watch.close().catch(() => undefined);
    await this.queue.close().catch(() => undefined);
    this.client.disconnect();
    this.listening.disconnect();
  }

  private async runTask(asked: RemoteTask, { signal, ...news }: RunOptions): Promise<unknown> {
    const stop = AbortSignal.any([this.leaving.signal, this.disposing.signal, ...(signal ? [signal] : [])]);
    if (stop.aborted) throw this.reasonToStop();
    const job = await this.unlessStopped(stop, this.prepare(asked));
    const bytes = [...job.packed.travelling.values()].reduce((sum, file) => sum + file.bytes, 0);
    const leaveRoom = await this.room.enter(bytes);
    try {
      this.countAsker(job.id, 1);
      const ended = this.patiently(() => this.outcomeOf(job, { ...news, signal: stop }), stop);
      const { outcome, files } = await this.unlessStopped(stop, ended)
        .finally(() => this.countAsker(job.id, -1))
        .catch(async (error: unknown) => {
          if (error instanceof JobCancelledError) await this.cancel(job);
          throw error;
        });
      if (outcome.kind === 'error') throw new JobError(outcome.error);
      return await deliver(asked, outcome.result, files);
    } finally {
      leaveRoom();
    }
  }

  /** Finds out what a job is, which takes a while where its files are large. */
  private async prepare(task: RemoteTask): Promise<AskedJob> {
    await requireTargets(task);
    const packed = await packJob(withoutReport(task), { hashes: this.hashes, isShared: this.isShared });
    requireTravelling(packed);
    return { id: jobIdOf(packed.message), task, packed };
  }

  /** Waits for work as long as it is wanted here; it goes on by itself. */
  private async unlessStopped<T>(stop: AbortSignal, work: Promise<T>): Promise<T> {
    let onStop = (): void => undefined;
    const stopped = new Promise<never>((_, reject) => {
      onStop = () => reject(this.reasonToStop());
    });
    if (stop.aborted) onStop();
    else stop.addEventListener('abort', onStop);
    // What listens to a signal of several is kept as long as they are: a run has thousands of jobs.
    return Promise.race([stopped, work]).finally(() => stop.removeEventListener('abort', onStop));
  }

  /** Leaving comes first: what is left goes on. */
  private reasonToStop(): Error {
    return this.leaving.signal.aborted ? new RunLeftError(this.options.run) : new JobCancelledError();
  }

  private readonly isShared = (folder: string): boolean =>
    (this.options.shared ?? []).some((shared) => isBelow(folder, shared));

  /** Waits where the server takes nothing: jobs of this asker that it has taken make room when they are done. */
  private patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    let isFirst = true;
    const isPatient = (): boolean => {
      // Jobs that are sent side by side may have kept each other from being taken.
      const isWorthIt = this.sender.count > 0 || (isFirst && this.askers.size > 1);
      isFirst = false;
      return isWorthIt;
    };
    return untilTaken(work, { signal, isPatient, onTrouble: this.options.onConnection });
  }

  /** What came of a job; puts it into the queue where it is not there. */
  private async outcomeOf(job: AskedJob, options: RunOptions): Promise<Returned> {
    const { id, packed } = job;
    const { progress, onStart, signal, priority } = options;
    const goOn = (): void => {
      if (signal?.aborted) throw this.reasonToStop();
    };
    for (let last: JobEnd | undefined; ;) {
      goOn();
      // Again where it is put there again: it may have been cancelled for this run meanwhile. What is done is let go.
      if (last?.kind !== 'completed') await this.book.want(this.options.run, id);
      const isFirst = last === undefined;
      const known = await this.records.look(job, { isFirst, anew: isFirst && this.options.retry === true });
      if (typeof known === 'object') return known;
      goOn();
      const submit = async (): Promise<void> => {
        await this.sender.send(id, packed, { priority, goOn });
        if (this.options.detach) throw new RunLeftError(this.options.run);
        if (known === 'under way') await this.join(id, priority === 'user');
      };
      last = await this.watch.until(id, submit, { onStart, onProgress: progress });
      // Where somebody took it out of the queue who did not know that it is wanted here, it is put there again.
      if (last.kind !== 'failed') continue;
      const failure = parseFailure(last.reason);
      if (failure.kind !== 'cancelled') throw await this.records.failed(id, failure);
    }
  }

  /** A job that was there before may wait behind others, and news of its end may have come already. */
  private async join(id: string, atOnce: boolean): Promise<void> {
    if (atOnce) await this.sender.hurry(id);
    await this.watch.ask([id]);
  }

  private countAsker(id: string, by: 1 | -1): void {
    const count = (this.askers.get(id) ?? 0) + by;
    if (count === 0) this.askers.delete(id);
    else this.askers.set(id, count);
  }

  private async cancel({ id, packed: { message } }: AskedJob): Promise<void> {
    if (this.askers.has(id)) return;
    await cancelJob(this.queue, this.book, { id, run: this.options.run, message });
  }
}

/** Reports are written where they were asked for, from what comes back. */
function withoutReport(task: RemoteTask): RemoteTask {
  return task.kind === 'purify' ? { ...task, report: undefined } : task;
}

function requireTravelling({ travelling }: PackedJob): void {
  for (const { path: file, bytes } of travelling.values()) {
    if (bytes <= mostContentBytes) continue;
    const most = `${mostContentBytes / 2 ** 20} MB`;
    throw new CheckpointError(
      file,
      `it is larger than the ${most} that travel through a queue; keep it where workers see it, and name that folder as shared`,
    );
  }
}

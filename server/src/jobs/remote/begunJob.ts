import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { UnrecoverableError, WaitingError, type Job } from 'bullmq';
import { JobCancelledError, WorkerCrashedError } from '../workerProcess';
import type { OnConnection } from './connection';
import { failureText, type Failure } from './failure';
import { tryJob, type Workshop } from './jobTry';
import { lockKey, outcomeKey } from './keys';
import { travelledOf, type JobMessage } from './message';
import { sender } from './sentProgress';
import { lackOf, mishapOf, noteMishap, tries } from './tries';
import { untilTaken } from './untilTaken';

/** Least time between two reports of a job's progress, in milliseconds. */
const progressInterval = 1_000;

export interface JobWorkerEvent {
  readonly what: 'started' | 'done' | 'failed' | 'given back';
  readonly job: string;
  /** Kind of job; undefined where the message is none. */
  readonly kind?: string;
  /** Why it failed. */
  readonly reason?: string;
}

/** What a job has of its worker. */
export interface Surroundings {
  readonly workshop: Workshop;
  /** Name of the queue. */
  readonly queue: string;
  /** Whether the worker is about to end. */
  readonly isClosing: () => boolean;
  /** Between two tries, in milliseconds: what ended one may be over then. */
  readonly pause: number;
  /** Takes no jobs for a while, for lack of what any job needs. */
  readonly rest: (lack: string) => Promise<void>;
  readonly onEvent?: (event: JobWorkerEvent) => void;
  readonly onConnection?: OnConnection;
}

/** A job that a worker has taken from the queue: one try of it, and what the queue is told of that. */
export class BegunJob {
  private readonly controller = new AbortController();
  private readonly id: string;
  private work: Promise<null> | undefined;

  /**
   * @param message what was asked for, checked
   * @param token by which the queue knows whose the job is
   */
  constructor(
    private readonly job: Job,
    private readonly message: JobMessage,
    private readonly token: string,
    private readonly around: Surroundings,
  ) {
    this.id = job.id ?? '';
  }

  /** Does the job. @throws what the queue is to be told where it did not come to its end */
  do(): Promise<null> {
    return (this.work = this.try());
  }

  /** Ends it. Resolves when nothing of it goes on. */
  async end(): Promise<void> {
    this.controller.abort(new JobCancelledError());
    await this.work?.catch(() => undefined);
  }

  /** What the queue is to be told of a job that no run wants, or none any more because another worker has done it. */
  async unwanted(): Promise<Error> {
    if (!(await this.isOurs())) return this.takenAway();
    return this.failed({ kind: 'cancelled', reason: 'nobody wants it any more' });
  }

  /** Leaves the job to other workers. @returns what the queue is to be told */
  async giveBack(reason?: string): Promise<WaitingError> {
    await this.job.moveToWait(this.token);
    return this.left(reason);
  }

  private async try(): Promise<null> {
    const { client } = this.around.workshop;
    this.tell('started');
    try {
      // Whoever kept its outcome may not have come to say so.
      if ((await client.exists(outcomeKey(this.id))) === 0) await this.make();
      if (!(await this.isOurs())) throw this.takenAway();
      this.tell('done');
      return null;
    } catch (error) {
      throw await this.endOf(error);
    }
  }

  private make(): Promise<void> {
    const progress = sender((news) => {
      this.job.updateProgress(news).catch(() => undefined); // the connection was lost: the job goes on
    }, progressInterval);
    const { signal } = this.controller;
    return tryJob(this.id, this.message, this.around.workshop, {
      ...{ signal, progress, taken: (work) => this.taken(work) },
    });
  }

  /** Has the server take something, however long that takes. */
  private taken<T>(work: () => Promise<T>): Promise<T> {
    return untilTaken(work, { signal: this.controller.signal, onTrouble: this.around.onConnection });
  }

  /** What a try that came to nothing means for the job, in the way that the queue is told of it. */
  private async endOf(error: unknown): Promise<Error> {
    if (error instanceof WaitingError) return error;
    const lack = lackOf(error);
    if (lack !== undefined) await this.around.rest(lack);
    const isCancelled = error instanceof JobCancelledError;
    if (lack !== undefined || (isCancelled && this.around.isClosing())) return this.giveBack(lack);
    if (isCancelled) return this.unwanted();
    if (!(await this.isOurs())) return this.takenAway();
    return this.mishap(error).catch((later: unknown) => {
      if (later instanceof JobCancelledError) return this.endOf(later);
      throw later;
    });
  }

  /** Another try, or none. */
  private async mishap(error: unknown): Promise<Error> {
    const { client, content } = this.around.workshop;
    const mishap = mishapOf(error);
    const reason = error instanceof Error ? error.message : String(error);
    const output = error instanceof WorkerCrashedError ? error.output : [];
    await this.taken(() => this.job.log([`${hostname()}: ${reason}`, ...output].join('\n')));
    const isLast = await this.taken(() => noteMishap(client, this.id, mishap));
    if (!isLast) {
      this.tell('failed', `${reason}; it will be tried again`);
      // Here and not in the queue, where such a pause is by the clock of this machine, which may be another's hour.
      await delay(this.around.pause);
      return new Error(reason);
    }
    // Whoever has it tried again brings it again.
    await content.release(this.id, travelledOf(this.message));
    if (mishap === 'hindered') return this.failed({ kind: 'refused', reason });
    return this.failed({ kind: 'quarantined', reason: `${reason}, in ${tries[mishap]} tries` });
  }

  /** A worker that was stopped for a while may find that others have done its jobs: what it makes of them does not count. */
  private async isOurs(): Promise<boolean> {
    return (await this.around.workshop.client.get(lockKey(this.around.queue, this.id))) === this.token;
  }

  private takenAway(): WaitingError {
    return this.left('nothing was heard from this worker for too long, and another one does it');
  }

  private left(reason: string | undefined): WaitingError {
    this.tell('given back', reason);
    return new WaitingError();
  }

  private failed(failure: Failure): Error {
    this.tell('failed', failure.reason);
    return new UnrecoverableError(failureText(failure));
  }

  private tell(what: JobWorkerEvent['what'], reason?: string): void {
    this.around.onEvent?.({ what, job: this.id, kind: this.message.task.kind, reason });
  }
}

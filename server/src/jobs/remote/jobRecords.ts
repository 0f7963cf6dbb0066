import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { ContentMissingError, type ContentStore } from './contentStore';
import type { DeliveredFile } from './deliver';
import { parseFailure, type Failure } from './failure';
import { JobFailedError } from './jobEnds';
import { crashesKey, outcomeKey } from './keys';
import type { JobOutcome, RemoteTask } from './message';
import type { PackedJob } from './pack';
import { mostOutcomeBytes, readOutcome } from './readOutcome';

/** A job as somebody asks for it. */
export interface AskedJob {
  readonly id: string;
  /** With paths of this machine. */
  readonly task: RemoteTask;
  readonly packed: PackedJob;
}

/** What came of a job, and the files that it wrote. */
export interface Returned {
  readonly outcome: JobOutcome;
  readonly files: readonly DeliveredFile[];
}

/** What the queue knows of jobs that were asked for before. */
export class JobRecords {
  constructor(
    private readonly queue: Queue,
    private readonly client: Redis,
    private readonly content: ContentStore,
  ) {}

  /**
   * What is known of a job: its outcome, where there is one.
   *
   * @param isFirst what ended before it was asked for may have been let go
   * @param anew what has ended is to be done again, however it ended; what came of it is taken all the same if it is of use
   * @throws JobFailedError where it is not tried any more, or what came back cannot be used
   */
  async look(
    job: AskedJob,
    { isFirst, anew }: { readonly isFirst: boolean; readonly anew: boolean },
  ): Promise<Returned | 'under way' | 'unknown'> {
    const { id } = job;
    const state = await this.queue.getJobState(id);
    if (state === 'completed') {
      const returned = await this.returned(job);
      if (typeof returned === 'object') return returned;
      const isGone = returned === 'gone';
      if (!isGone && !anew) throw unusable('what came back is no result of this job');
      if (isGone && !isFirst) throw unusable('what came of it is not in the queue any more');
      // The job is as if it had never been done.
      await this.forget(id);
      return 'unknown';
    }
    if (state === 'failed') {
      const failure = parseFailure((await this.queue.getJob(id))?.failedReason);
      if (failure.kind === 'quarantined' && !anew) throw await this.failed(id, failure);
      // What nobody wanted, or what lacked its files, may do better now.
      await this.forget(id);
    }
    return state === 'unknown' ? 'unknown' : 'under way';
  }

  /** How a job failed, with what was said of each try. */
  async failed(id: string, failure: Failure): Promise<JobFailedError> {
    const { logs } = await this.queue.getJobLogs(id);
    return new JobFailedError(failure, logs);
  }

  /** What came back of a job that is done, with its files. */
  private async returned({ id, task, packed }: AskedJob): Promise<Returned | 'gone' | 'unusable'> {
    const key = outcomeKey(id);
    if ((await this.client.strlen(key)) > mostOutcomeBytes) return 'unusable';
    const kept = await this.client.getBuffer(key);
    if (kept === null) return 'gone';
    const outcome = await readOutcome(kept, task, packed);
    if (outcome === undefined) return 'unusable';
    const files: DeliveredFile[] = [];
    try {
      for (const file of outcome.kind === 'done' ? outcome.files : []) {
        files.push({ ...file, content: await this.content.read(file.sha256, file.bytes) });
      }
    } catch (error) {
      if (error instanceof ContentMissingError) return 'gone';
      throw error;
    }
    return { outcome, files };
  }

  /** Takes a job that has ended out of the queue, so that it can be done anew. */
  private async forget(id: string): Promise<void> {
    await this.queue.remove(id);
    await this.client.del(crashesKey(id), outcomeKey(id));
  }
}

function unusable(reason: string): JobFailedError {
  return new JobFailedError({ kind: 'refused', reason }, []);
}

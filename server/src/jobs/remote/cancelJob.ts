import type { Queue } from 'bullmq';
import { jobOptions } from './jobOptions';
import { travelledOf, type JobMessage } from './message';
import type { RunBook } from './runBook';

interface CancelledJob {
  readonly id: string;
  /** Name of the run that does not want it any more. */
  readonly run: string;
  /** Undefined where it is not known: what it needed stays in the queue for a while then. */
  readonly message: JobMessage | undefined;
}

/**
 * Takes a job out of the queue unless another run wants it. One that is under way is ended by its worker.
 *
 * @returns whether nobody wants it
 */
export async function cancelJob(queue: Queue, book: RunBook, { id, run, message }: CancelledJob): Promise<boolean> {
  if (!(await book.unwant(run, id, message ? travelledOf(message) : []))) return false;
  await queue.remove(id).catch(() => undefined);
  // Somebody may have asked for it in between, and have left since.
  if (message && (await book.isWanted(id))) await queue.add(message.task.kind, message, { ...jobOptions, jobId: id });
  return true;
}

import { CheckpointError } from '../checkpoint/checkpoint';
import { JobError } from '../jobs/messages';
// Types alone: what speaks to a queue is loaded where there is one, and its errors are known by their names.
import type { JobFailedError, RunLeftError } from '../jobs/remote/jobEnds';
import { WorkerCrashedError } from '../jobs/workerProcess';
import { visible } from '../report/visible';

/** Whether nobody waits for a job any more that goes on. */
export function wasLeft(error: unknown): error is RunLeftError {
  return error instanceof Error && error.name === 'RunLeftError';
}

/** Why one file was not scanned, in a sentence with its name and without; undefined for what is wrong with more than it. */
export function whyUnread(
  error: unknown,
  model: string,
): { readonly message: string; readonly reason: string } | undefined {
  if (error instanceof CheckpointError) return error;
  if (error instanceof JobError && error.name === 'CheckpointError')
    return { message: error.message, reason: String(error.fields.reason) };
  const reason =
    error instanceof WorkerCrashedError
      ? `${error.message}, each time it was tried`
      : hasFailed(error)
        ? error.message
        : undefined;
  return reason === undefined ? undefined : { message: `${model}: ${reason}`, reason };
}

/** What was written in the last try of a job that is not tried any more, in lines for people. */
export function jobLog(error: unknown): string[] {
  const lines = hasFailed(error) ? (error.log.at(-1) ?? '').split('\n') : [];
  return lines.filter((line) => line !== '').map((line) => `  ${visible(line)}`);
}

function hasFailed(error: unknown): error is JobFailedError {
  return error instanceof Error && error.name === 'JobFailedError';
}

import type { Redis } from 'ioredis';
import { JobError } from '../messages';
import { WorkerCrashedError } from '../workerProcess';
import { crashesKey, keptFor } from './keys';
import { WorkplaceError } from './workplace';

/** Why a try of a job came to nothing. */
export type Mishap =
  /** It ended its process: its own doing. */
  | 'crashed'
  /** Something ended its process from outside: a person, or the system when memory ran out. */
  | 'killed'
  /** Its files could not be had, or the worker had no room. */
  | 'hindered';

/** Tries that a job has of each kind. What comes from outside may be bad luck, and has more. */
export const tries: Readonly<Record<Mishap, number>> = { crashed: 3, killed: 6, hindered: 3 };

/** All of them together, and what chance may add. */
export const mostTries = Object.values(tries).reduce((sum, count) => sum + count, 0);

/** A worker that vanishes, with its machine perhaps, says nothing of its job at first. */
export const mostVanished = 10;

export function mishapOf(error: unknown): Mishap {
  if (!(error instanceof WorkerCrashedError)) return 'hindered';
  return error.signal === 'SIGKILL' || error.signal === 'SIGTERM' || error.signal === 'SIGINT' ? 'killed' : 'crashed';
}

/**
 * Notes a try that came to nothing, for all workers.
 *
 * @returns whether it was the last one
 */
export async function noteMishap(client: Redis, job: string, mishap: Mishap): Promise<boolean> {
  const count = await client.hincrby(crashesKey(job), mishap, 1);
  await client.expire(crashesKey(job), keptFor);
  return count >= tries[mishap];
}

/** What the system says where a machine has no room, or no handles, left: nothing of the job's, and not for ever. */
const lacking: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EMFILE', 'ENFILE']);

/** What this worker lacks for any job, in the system's words; undefined where an error is about something else. */
export function lackOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof WorkplaceError) return error.message;
  const code = error instanceof JobError ? error.fields.code : (error as NodeJS.ErrnoException).code;
  return lacking.has(code) ? error.message : undefined;
}

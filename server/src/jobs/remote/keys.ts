import { sha256Of } from '../hashFile';

/** Before the name of everything that is kept in Redis; in braces, so that a cluster keeps it in one place. */
export const prefix = '{graphnad}';

/** Everything that a queue keeps is let go after this time without use, in seconds: a week. */
export const keptFor = 7 * 24 * 3600;

/** Chunks of a file, by its SHA-256. */
export const contentKey = (sha256: string): string => `${prefix}:content:${sha256}`;
/** Ids of jobs that need a file. */
export const needsKey = (sha256: string): string => `${prefix}:content:${sha256}:needed-by`;
/** Whose a job is that is under way, as BullMQ has it. */
export const lockKey = (queue: string, job: string): string => `${prefix}:${queue}:${job}:lock`;
/** What came of a job. */
export const outcomeKey = (job: string): string => `${prefix}:outcome:${job}`;
/** How often a job ended its process. */
export const crashesKey = (job: string): string => `${prefix}:crashes:${job}`;
/** Names of runs that want a job. */
export const wantedKey = (job: string): string => `${prefix}:wanted:${job}`;
/** What a run is, by its name. */
export const runKey = (name: string): string => `${prefix}:run:${name}`;
/** Ids of a run's jobs. */
export const runJobsKey = (name: string): string => `${prefix}:run:${name}:jobs`;
/** Names of all runs, by the time they were last seen. */
export const runsKey = `${prefix}:runs`;
/** Tells workers the id of a job that nobody wants any more. */
export const cancelChannel = `${prefix}:cancel`;
/** Workers that are there: who they are, by the time they were last seen. */
export const workersKey = `${prefix}:workers`;
/** What keeps a worker from working, by who it is. */
export const troublesKey = `${prefix}:workers:troubles`;

/**
 * Name of the queue that programs of one build share: another one might come to other results.
 *
 * @param program see `programId`; undefined for one that runs from its source
 */
export function queueName(program: string | undefined): string {
  return program === undefined ? 'jobs-source' : `jobs-${sha256Of(program).slice(0, 12)}`;
}

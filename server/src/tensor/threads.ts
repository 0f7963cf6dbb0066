import { availableParallelism } from 'node:os';

/** The most threads that may share the work of an operation. */
export const mostThreads = 16;
/** The most that are taken unasked: operations of the usual sizes gain little from more. */
const mostUnasked = 4;

let limit = 1;

/**
 * Sets how many threads of this process may share the work of an operation, the calling one among them. It changes how
 * long things take, never what comes out. Until it is called, everything runs on the calling thread.
 *
 * @param threads from 1 to {@link mostThreads}
 */
export function limitThreads(threads: number): void {
  limit = Math.max(1, Math.min(mostThreads, Math.floor(threads)));
}

export function threadLimit(): number {
  return limit;
}

/**
 * How many threads a computation takes where nobody said: one a core, four at most.
 *
 * @param computations that run at the same time on this machine
 */
export function defaultThreads(computations = 1, cores: number = availableParallelism()): number {
  return Math.max(1, Math.min(mostUnasked, Math.floor(cores / computations)));
}

import { availableParallelism } from 'node:os';

/** The most threads that may share the work of an operation. */
export const mostThreads = 16;
/** The most that are taken unasked: operations of the usual sizes gain little from more. */
const mostUnasked = 4;

let limit = 1;
/** Threads of the limit that do something else than share operations. */
let lent = 0;

/**
 * Sets how many threads of this process may share the work of an operation, the calling one among them. It changes how
 * long things take, never what comes out. Until it is called, everything runs on the calling thread.
 *
 * @param threads from 1 to {@link mostThreads}
 */
export function limitThreads(threads: number): void {
  limit = Math.max(1, Math.min(mostThreads, Math.floor(threads)));
}

/**
 * Computes something on so many threads; afterwards the limit is what it was before.
 *
 * @param threads as in {@link limitThreads}
 */
export async function onThreads<T>(threads: number, compute: () => T | Promise<T>): Promise<T> {
  const before = limit;
  limitThreads(threads);
  try {
    return await compute();
  } finally {
    limit = before;
  }
}

/** How many threads may share the work of an operation at the moment, the calling one among them. */
export function threadLimit(): number {
  return Math.max(1, limit - lent);
}

/** Whether this process may compute on more threads than the calling one, be it that some of them are lent. */
export function mayUseThreads(): boolean {
  return limit > 1;
}

/**
 * Takes one of the threads of the limit for work of its own: fewer share operations until it is given back.
 *
 * @returns gives it back
 */
export function lendThread(): () => void {
  let isLent = true;
  lent++;
  return () => {
    if (isLent) lent--;
    isLent = false;
  };
}

/**
 * How many threads a computation takes where nobody said: one a core, four at most.
 *
 * @param computations that run at the same time on this machine
 */
export function defaultThreads(computations = 1, cores: number = availableParallelism()): number {
  return Math.max(1, Math.min(mostUnasked, Math.floor(cores / computations)));
}

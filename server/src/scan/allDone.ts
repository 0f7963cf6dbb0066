/**
 * The results of work that runs at the same time. Unlike `Promise.all`, this waits for all of it even where some fails:
 * what the work uses may be disposed afterwards.
 *
 * @throws what the first in the list to fail threw
 */
export async function allDone<T extends readonly unknown[]>(work: {
  readonly [K in keyof T]: Promise<T[K]>;
}): Promise<T> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

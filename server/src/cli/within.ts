import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits for an end that may never come, as where the connection is lost, but no longer than so many milliseconds.
 *
 * @throws what `work` throws until then
 */
export async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const ended = new AbortController();
  const limit = delay(milliseconds, undefined, { signal: ended.signal }).catch(() => undefined);
  await Promise.race([work.finally(() => ended.abort()), limit]);
}

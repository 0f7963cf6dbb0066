import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

export { isAlive } from '../../server/src/jobs/isAlive';

/** Waits until a condition holds. @throws AssertionError naming it when `milliseconds` have passed */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  milliseconds = 30_000,
): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() > end) assert.fail(`waited ${milliseconds} ms for: ${what}`);
    await delay(10);
  }
}

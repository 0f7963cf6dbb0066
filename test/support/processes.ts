import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until a condition holds. @throws AssertionError naming it when `milliseconds` have passed */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  milliseconds = 10_000,
): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() > end) assert.fail(`waited ${milliseconds} ms for: ${what}`);
    await delay(10);
  }
}

import { setTimeout as pause } from 'node:timers/promises';

/** Times of the same work done in turns by several contestants, one value a turn. */
export type Samples = readonly number[];

/** Middle and ends of some values. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** @param samples at least one */
export function spread(samples: Samples): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  return { median, low: sorted[0], high: sorted[sorted.length - 1] };
}

/**
 * How many times as long `others` take as `ours`, turn by turn: what disturbs the machine for a while disturbs both
 * sides of a pair.
 */
export function ratios(others: Samples, ours: Samples): number[] {
  return others.map((value, i) => value / ours[i]);
}

/** Threads of the contestant before may go on waiting for work for a while, at the processor's expense. */
const pauseMilliseconds = 50;

/**
 * Lets contestants take turns: all of them in order, then all in the opposite order, and so on, so that none always
 * follows the same other.
 *
 * @param measure of each contestant: does its work once and returns what it took
 * @returns samples of each contestant, `[contestants][turns]`
 */
export async function takeTurns(turns: number, measure: readonly (() => Promise<number>)[]): Promise<number[][]> {
  const samples = measure.map((): number[] => []);
  for (let turn = 0; turn < turns; turn++) {
    const order = [...measure.keys()];
    if (turn % 2 === 1) order.reverse();
    for (const i of order) {
      await pause(pauseMilliseconds);
      samples[i].push(await measure[i]());
    }
  }
  return samples;
}

import type { JobProgress } from '../protocol/reports';

/** `Teacher, epoch 5 of 8 (42%)` */
export function progressText({ stage, epoch, epochs, fraction }: JobProgress): string {
  const within = epoch === undefined ? '' : `, epoch ${epoch}${epochs === undefined ? '' : ` of ${epochs}`}`;
  return `${stage}${within} (${Math.floor(fraction * 100)}%)`;
}

/** Below this share of the work the speed says nothing yet. */
const firstEstimate = 0.05;

/**
 * Seconds until a job ends at the speed so far; undefined while that would be a guess.
 * @param fraction share of the job that is done, in [0, 1]
 * @param elapsed milliseconds since it began
 */
export function secondsLeft(fraction: number, elapsed: number): number | undefined {
  if (fraction < firstEstimate || fraction >= 1) return undefined;
  return Math.ceil(((elapsed / fraction) * (1 - fraction)) / 1000);
}

/** Turns shares of the whole into the increments that a notification's bar wants; it never runs backwards. */
export class ProgressBar {
  private shown = 0;

  /** @returns percent points to add to the bar */
  increment(fraction: number): number {
    const percent = Math.min(100, Math.max(this.shown, fraction * 100));
    const increment = percent - this.shown;
    this.shown = percent;
    return increment;
  }
}

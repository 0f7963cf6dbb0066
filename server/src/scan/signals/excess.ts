import { median, signedLog } from '../statistics';

/** Shifts of one trigger toward one class on held-out graphs, `[graphs]`, by the model and by its clipped copy. */
export interface HeldOutShifts {
  readonly model: ArrayLike<number>;
  readonly clipped: ArrayLike<number>;
}

/**
 * Signed log of how much farther the model is shifted than its clipped copy (medians over held-out graphs),
 * for the trigger where that is largest: what a trigger gains by leaving the clean activation range.
 *
 * @param triggers the most effective triggers toward one class; undefined is returned where there are none
 */
export function excess(triggers: readonly HeldOutShifts[]): number | undefined {
  if (triggers.length === 0) return undefined;
  return signedLog(Math.max(...triggers.map((shifts) => median(shifts.model) - median(shifts.clipped))));
}

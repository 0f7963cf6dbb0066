import type { Metrics } from '../../../protocol/reports';

/** Figures at which a purification is called insufficient or too costly; shares in [0, 1]. */
export interface OutcomeLimits {
  /** Attack success that may stay. Default 0.2: above it method.md counts the backdoor as not removed. */
  readonly attackSuccess: number;
  /** Accuracy that may be lost. Default 0.05. */
  readonly accuracyLoss: number;
}

export const defaultOutcomeLimits: OutcomeLimits = {
  attackSuccess: 0.2,
  accuracyLoss: 0.05,
};

/** What happened, as far as it calls for a finding. GN303 is about several seeds: a purification has one. */
export type OutcomeCode = 'GN301' | 'GN302';

/**
 * How well the attack works, as a single figure: the flip ASR where it is known, because the plain ASR cannot fall
 * below the share of graphs predicted as the target anyway; `undefined` where no trigger was measured.
 */
export function attackSuccess(metrics: Metrics): number | undefined {
  return metrics.flipAsr ?? metrics.asr;
}

/**
 * Decides GN301 (the attack still works) and GN302 (too much accuracy was lost).
 *
 * @param before figures of the suspect model
 * @param after figures of the purified model, on the same graphs and triggers
 * @param floor attack success that clean models of this kind show; the model need not be better than those. Default 0
 */
export function purificationOutcome(
  before: Metrics,
  after: Metrics,
  limits: OutcomeLimits = defaultOutcomeLimits,
  floor = 0,
): OutcomeCode[] {
  const codes: OutcomeCode[] = [];
  const left = attackSuccess(after);
  if (left !== undefined && left > Math.max(limits.attackSuccess, floor)) codes.push('GN301');
  if (before.acc - after.acc > limits.accuracyLoss) codes.push('GN302');
  return codes;
}

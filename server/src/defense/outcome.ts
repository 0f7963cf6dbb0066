import type { Metrics } from '../../../protocol/reports';

/** Figures at which a purification is called insufficient or too costly; shares in [0, 1]. */
export interface OutcomeLimits {
  /** Attack success that may stay. Default 0.2: above it method.md counts the backdoor as not removed. */
  readonly attackSuccess: number;
  /** Accuracy that may be lost. Default 0.05. */
  readonly accuracyLoss: number;
  /** Standard deviation of accuracy over seeds that may stay. Default 0.03. */
  readonly accuracyDeviation: number;
  /** Standard deviation of attack success over seeds that may stay. Default 0.1. */
  readonly attackDeviation: number;
}

export const defaultOutcomeLimits: OutcomeLimits = {
  attackSuccess: 0.2,
  accuracyLoss: 0.05,
  accuracyDeviation: 0.03,
  attackDeviation: 0.1,
};

/** What happened, as far as it calls for a finding. */
export type OutcomeCode = 'GN301' | 'GN302' | 'GN303';

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

/**
 * Decides GN303 (results vary strongly over seeds).
 *
 * @param results figures of the purified models, one a seed; fewer than two decide nothing
 */
export function seedVariation(
  results: readonly Metrics[],
  limits: OutcomeLimits = defaultOutcomeLimits,
): OutcomeCode[] {
  const accuracyVaries = standardDeviation(results.map((metrics) => metrics.acc)) > limits.accuracyDeviation;
  const attacks = results.map(attackSuccess).filter((value) => value !== undefined);
  const attackVaries = standardDeviation(attacks) > limits.attackDeviation;
  return accuracyVaries || attackVaries ? ['GN303'] : [];
}

/** Sample standard deviation; 0 for fewer than two values. */
function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

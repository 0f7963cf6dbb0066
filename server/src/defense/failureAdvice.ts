import { percent } from '../../../protocol/numberText';
import type { Metrics } from '../../../protocol/reports';
import { attackSuccess, defaultOutcomeLimits, purificationOutcome, type OutcomeLimits } from './outcome';

/** Figures of one purification that failed or succeeded; the signatures are those of docs/method.md. */
export interface AdviceInput {
  readonly before: Metrics;
  readonly after: Metrics;
  /** Number of clean graphs the purification was given. */
  readonly cleanGraphs: number;
  /** Flip ASR of a model that was never poisoned with the same trigger, where known. */
  readonly floor?: number;
}

/** Below this many clean graphs accuracy was lost, or results varied, on every data set tried (docs/method.md). */
const FEW_CLEAN_GRAPHS = 25;
/** Number of clean graphs at which results were steady on the data sets tried. */
const ENOUGH_CLEAN_GRAPHS = 50;

/**
 * Says in plain sentences what to try next; empty where nothing calls for it.
 *
 * @param limits figures at which the outcome counts as a failure
 */
export function failureAdvice(input: AdviceInput, limits: OutcomeLimits = defaultOutcomeLimits): string[] {
  const { before, after, cleanGraphs, floor } = input;
  const codes = purificationOutcome(before, after, limits, floor);
  const attackStays = codes.includes('GN301');
  const accuracyLost = codes.includes('GN302');
  const advice: string[] = [];
  if (attackStays && !accuracyLost) {
    advice.push(
      `The attack still succeeds on ${percent(attackSuccess(after) ?? 0)} of the graphs while accuracy was kept: ` +
        'the teacher probably still carries the backdoor. Try more teacher rounds, a larger weight on triggered ' +
        'graphs or a higher learning rate.',
    );
  }
  if (accuracyLost && !attackStays) {
    advice.push(
      `The attack is down, but accuracy fell by ${points(before.acc - after.acc)}: the purification was too ` +
        'aggressive. Try a larger weight on clean and pseudo-graphs, a lower learning rate or fewer rounds.',
    );
  }
  if (attackStays && accuracyLost) {
    advice.push(
      `The attack still succeeds on ${percent(attackSuccess(after) ?? 0)} of the graphs and accuracy fell by ` +
        `${points(before.acc - after.acc)}: this clean set does not suffice to repair the model. Do not use the ` +
        'result; give more clean graphs or train a new model.',
    );
  }
  if (advice.length > 0 && cleanGraphs < FEW_CLEAN_GRAPHS) {
    advice.push(
      `Only ${cleanGraphs} clean graphs were given. About ${ENOUGH_CLEAN_GRAPHS}, with every class among them, gave ` +
        'steady results on the data sets tried.',
    );
  }
  return advice;
}

function points(difference: number): string {
  return `${(100 * difference).toFixed(1)} points`;
}

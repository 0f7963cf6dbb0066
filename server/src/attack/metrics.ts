import type { Estimate } from '../../../protocol/reports';

/** How well an attack works on a model; all shares lie in [0, 1]. */
export interface AttackMetrics {
  /** Attack success rate: share of the triggered graphs predicted as the target. */
  readonly asr: number;
  /** The same over the graphs not predicted as the target when clean; absent where there are none. */
  readonly flipAsr?: number;
  /** Share of the same graphs predicted as the target without the trigger. */
  readonly cleanTargetRate: number;
  /** Graphs behind `asr` and `cleanTargetRate`. */
  readonly count: number;
  /** Graphs behind `flipAsr`. */
  readonly flipCount: number;
}

/**
 * Share of predictions that equal the class labels.
 *
 * @throws RangeError where lengths differ or are zero
 */
export function accuracy(predictions: ArrayLike<number>, classLabels: ArrayLike<number>): number {
  requirePairs(predictions, classLabels);
  let hits = 0;
  for (let i = 0; i < predictions.length; i++) if (predictions[i] === classLabels[i]) hits++;
  return hits / predictions.length;
}

/**
 * Attack success rate, flip ASR and clean target rate of test graphs whose label is not the target class.
 *
 * @param clean predictions for those graphs without the trigger
 * @param triggered predictions for the same graphs with it
 * @throws RangeError where lengths differ or are zero
 */
export function attackMetrics(clean: ArrayLike<number>, triggered: ArrayLike<number>, target: number): AttackMetrics {
  requirePairs(clean, triggered);
  const count = clean.length;
  let cleanHits = 0;
  let triggeredHits = 0;
  let flips = 0;
  for (let i = 0; i < count; i++) {
    if (clean[i] === target) cleanHits++;
    if (triggered[i] !== target) continue;
    triggeredHits++;
    if (clean[i] !== target) flips++;
  }
  const flipCount = count - cleanHits;
  return {
    asr: triggeredHits / count,
    ...(flipCount > 0 ? { flipAsr: flips / flipCount } : {}),
    cleanTargetRate: cleanHits / count,
    count,
    flipCount,
  };
}

/**
 * A share with its Wilson score interval (Wilson 1927), which stays sensible at 0, at 1 and for few graphs.
 *
 * @param z standard normal quantile; default 1.96, a 95% interval
 * @returns the whole of [0, 1] where `count` is 0: nothing is known
 */
export function wilsonInterval(successes: number, count: number, z = 1.959963984540054): Estimate {
  if (count === 0) return { value: 0, low: 0, high: 1, count };
  const share = successes / count;
  const z2 = (z * z) / count;
  const centre = share + z2 / 2;
  const spread = z * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count));
  return {
    value: share,
    low: successes === 0 ? 0 : Math.max(0, (centre - spread) / (1 + z2)),
    high: successes === count ? 1 : Math.min(1, (centre + spread) / (1 + z2)),
    count,
  };
}

/** The two figures that the defense effectiveness rating weighs. */
export interface DefenseOutcome {
  readonly acc: number;
  readonly asr: number;
}

/**
 * Defense effectiveness rating (Zhu et al. 2023): half of 1 + lost ASR - lost accuracy, gains counting as zero.
 * 0.5 is no effect, 1 the ASR gone from 100% to 0 at no cost.
 */
export function defenseEffectiveness(before: DefenseOutcome, after: DefenseOutcome): number {
  return (Math.max(0, before.asr - after.asr) - Math.max(0, before.acc - after.acc) + 1) / 2;
}

function requirePairs(a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length !== b.length) throw new RangeError(`${a.length} and ${b.length} values cannot be compared one by one`);
  if (a.length === 0) throw new RangeError('a share of no graphs is not defined');
}

import { Rng } from '../../server/src/graph/rng';

/** Area under the ROC curve: how often a positive scores above a negative, ties counting half; NaN without either. */
export function auroc(positives: readonly number[], negatives: readonly number[]): number {
  let wins = 0;
  for (const p of positives) for (const n of negatives) wins += p > n ? 1 : p === n ? 0.5 : 0;
  return wins / (positives.length * negatives.length);
}

/**
 * Share of the positives above the threshold that lets at most `rate` of the negatives pass, by the conformal rule:
 * (1 + negatives at or above the score) / (1 + negatives) <= rate.
 */
export function foundAt(rate: number, positives: readonly number[], negatives: readonly number[]): number {
  const passes = (score: number): boolean =>
    (1 + negatives.filter((other) => other >= score).length) / (1 + negatives.length) <= rate;
  return positives.filter(passes).length / positives.length;
}

const resamples = 1000;

/** 95% interval of the AUROC by bootstrap over models, clean and backdoored ones apart. */
export function aurocInterval(
  positives: readonly number[],
  negatives: readonly number[],
  rng: Rng,
): readonly [low: number, high: number] {
  const draw = (values: readonly number[]): number[] => values.map(() => values[rng.integer(values.length)]);
  const values = Array.from({ length: resamples }, () => auroc(draw(positives), draw(negatives))).sort((a, b) => a - b);
  return [values[Math.floor(0.025 * resamples)], values[Math.floor(0.975 * resamples)]];
}

/** `0.91 (0.87-0.94)`, or a dash where there are no models of one kind. */
export function aurocText(positives: readonly number[], negatives: readonly number[], decimals = 2): string {
  if (positives.length === 0 || negatives.length === 0) return '-';
  const [low, high] = aurocInterval(positives, negatives, new Rng(0, 'AUROC interval'));
  return `${auroc(positives, negatives).toFixed(decimals)} (${low.toFixed(decimals)}-${high.toFixed(decimals)})`;
}

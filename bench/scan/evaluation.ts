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

/**
 * Whether one of two ways to predict is right more often than chance would have it: a sign test on what only one of
 * them gets right.
 *
 * @param a which are right, in the order of `b`
 * @param significance how often chance may bring such a difference. Default 0.05
 */
export function clearlyBetter(a: readonly boolean[], b: readonly boolean[], significance = 0.05): boolean {
  const onlyA = count(a.map((hit, i) => hit && !b[i]));
  const onlyB = count(b.map((hit, i) => hit && !a[i]));
  return onlyA > onlyB && signTest(onlyA, onlyB) <= significance;
}

/** Whether anything could be clearly better: what gets all right that this gets wrong, and all else as well. */
export function canBeBeaten(hits: readonly boolean[], significance: number): boolean {
  return 2 * 0.5 ** (hits.length - count(hits)) <= significance;
}

export function count(hits: readonly boolean[]): number {
  return hits.filter(Boolean).length;
}

/** How many are right, in words. */
export function shareText(hits: readonly boolean[]): string {
  return `${((100 * count(hits)) / hits.length).toFixed(1)}%`;
}

/** Two-sided probability of a split at least as uneven as this where each side is as likely. */
function signTest(a: number, b: number): number {
  const total = a + b;
  let probability = 0.5 ** total;
  let tail = 0;
  for (let k = 0; k <= Math.min(a, b); k++) {
    tail += probability;
    probability *= (total - k) / (k + 1);
  }
  return Math.min(1, 2 * tail);
}

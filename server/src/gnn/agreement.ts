import { Rng } from '../graph/rng';

/** Orders that are tried. */
const orders = 1999;

/**
 * How often chance alone would bring as many right predictions: the share of random orders of the predictions in which
 * at least as many are those of the labels (permutation test; the order given counts as one).
 *
 * @param predicted classes, `[labels.length]`
 * @returns a probability above 0; the same for the same arguments
 */
export function agreementByChance(predicted: ArrayLike<number>, labels: readonly number[]): number {
  const rng = new Rng(0, 'agreement');
  const rightIn = (order: ArrayLike<number>): number =>
    labels.reduce((right, label, i) => right + (predicted[order[i]] === label ? 1 : 0), 0);
  const observed = rightIn(labels.map((_, i) => i));
  let asMany = 1;
  for (let tried = 0; tried < orders; tried++) {
    if (rightIn(rng.permutation(labels.length)) >= observed) asMany++;
  }
  return asMany / (orders + 1);
}

/** Factors of the logits that are tried: 2 to the power of these. */
const exponents = Array.from({ length: 41 }, (_, i) => (i - 30) / 2);

/**
 * Mean cross-entropy of predictions whose logits are multiplied by the factor at which it is least (temperature scaling;
 * Guo et al. 2017): what they say of the labels, however sure they are.
 *
 * @param logits row-major `[labels.length, classes]`
 */
export function temperedLoss(logits: ArrayLike<number>, labels: readonly number[]): number {
  const classes = logits.length / labels.length;
  return Math.min(...exponents.map((exponent) => meanLoss(logits, labels, classes, 2 ** exponent)));
}

function meanLoss(logits: ArrayLike<number>, labels: readonly number[], classes: number, factor: number): number {
  let sum = 0;
  labels.forEach((label, row) => {
    const scaled = Array.from({ length: classes }, (_, c) => factor * logits[row * classes + c]);
    const most = Math.max(...scaled);
    const total = scaled.reduce((all, value) => all + Math.exp(value - most), 0);
    sum += most + Math.log(total) - scaled[label];
  });
  return sum / labels.length;
}

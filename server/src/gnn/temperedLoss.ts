/** Factors of the logits that are tried: 2 to the power of these. */
const exponents = Array.from({ length: 41 }, (_, i) => (i - 30) / 2);

/**
 * Cross-entropy of each prediction, with all logits multiplied by the one factor at which its mean is least (temperature
 * scaling; Guo et al. 2017): what they say of the labels, however sure they are.
 *
 * @param logits row-major `[labels.length, classes]`
 */
export function temperedLosses(logits: ArrayLike<number>, labels: readonly number[]): number[] {
  const classes = logits.length / labels.length;
  const tried = exponents.map((exponent) => lossesAt(logits, labels, classes, 2 ** exponent));
  return tried.reduce((least, losses) => (meanOf(losses) < meanOf(least) ? losses : least));
}

export function meanOf(losses: readonly number[]): number {
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

function lossesAt(logits: ArrayLike<number>, labels: readonly number[], classes: number, factor: number): number[] {
  return labels.map((label, row) => {
    const scaled = Array.from({ length: classes }, (_, c) => factor * logits[row * classes + c]);
    const most = Math.max(...scaled);
    const total = scaled.reduce((all, value) => all + Math.exp(value - most), 0);
    return most + Math.log(total) - scaled[label];
  });
}

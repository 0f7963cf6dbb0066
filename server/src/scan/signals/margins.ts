/**
 * Margins of all classes: logit of the class minus the best other logit.
 *
 * @param logits row-major `[rows, classCount]`
 * @returns row-major `[rows, classCount]`
 */
export function margins(logits: ArrayLike<number>, classCount: number): Float64Array {
  const result = new Float64Array(logits.length);
  for (let row = 0; row < logits.length; row += classCount) {
    let best = -Infinity;
    let second = -Infinity;
    let bestClass = 0;
    for (let c = 0; c < classCount; c++) {
      const value = logits[row + c];
      if (value > best) {
        second = best;
        best = value;
        bestClass = c;
      } else if (value > second) second = value;
    }
    for (let c = 0; c < classCount; c++) result[row + c] = logits[row + c] - (c === bestClass ? second : best);
  }
  return result;
}

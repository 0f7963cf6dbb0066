/**
 * Joins the progress of pieces of work that go on at the same time.
 *
 * @param weights how much time each piece takes, in any unit
 * @param progress is told the share of all the work that is done, in [0, 1]
 * @returns to be told the share of a piece that is done
 */
export function progressShares(
  weights: readonly number[],
  progress?: (fraction: number) => void,
): (piece: number, fraction: number) => void {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const done = new Float64Array(weights.length);
  return (piece, fraction) => {
    done[piece] = fraction;
    progress?.(weights.reduce((sum, weight, i) => sum + weight * done[i], 0) / total);
  };
}

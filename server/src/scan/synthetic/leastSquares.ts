export interface LeastSquares {
  /** The solution, `[columns]`, not negative. */
  readonly solution: Float64Array;
  /** Root mean square of what is left over, over the rows. */
  readonly residual: number;
}

const mostSweeps = 3000;
const tolerance = 1e-7;
/** Columns shorter than this share of the longest say nothing about their unknown, which is taken to be zero. */
const shortest = 1e-3;

/**
 * The x >= 0 that brings A x closest to b, by coordinate descent: each step solves for one unknown exactly. With fewer
 * rows than columns it is one of several solutions, the signs being all that tells them apart.
 *
 * @param columns the columns of A, each as long as `b`
 */
export function nonNegativeLeastSquares(columns: readonly Float64Array[], b: Float64Array): LeastSquares {
  const solution = new Float64Array(columns.length);
  const squares = columns.map((column) => column.reduce((sum, value) => sum + value * value, 0));
  const least = shortest ** 2 * Math.max(...squares);
  const left = b.slice();
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let largest = 0;
    columns.forEach((column, i) => {
      if (squares[i] <= least) return;
      let product = 0;
      for (let row = 0; row < left.length; row++) product += column[row] * left[row];
      const next = Math.max(0, solution[i] + product / squares[i]);
      const change = next - solution[i];
      if (change === 0) return;
      for (let row = 0; row < left.length; row++) left[row] -= change * column[row];
      solution[i] = next;
      largest = Math.max(largest, Math.abs(change));
    });
    if (largest < tolerance) break;
  }
  const sum = left.reduce((total, value) => total + value * value, 0);
  return { solution, residual: Math.sqrt(sum / left.length) };
}

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nonNegativeLeastSquares } from '../../../../server/src/scan/synthetic/leastSquares';

const near = (actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-4): void => {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => assert.ok(Math.abs(actual[i] - value) < tolerance, `${actual[i]} is not ${value}`));
};
const columns = (...rows: number[][]): Float64Array[] => rows.map((row) => Float64Array.from(row));

describe('non-negative least squares', () => {
  it('solves what can be solved', () => {
    const { solution, residual } = nonNegativeLeastSquares(columns([1, 0, 1], [0, 2, 1]), Float64Array.of(3, 4, 5));
    near(solution, [3, 2]);
    assert.ok(residual < 1e-4);
  });

  it('stays at zero where the best solution is negative, and says what is left over', () => {
    const { solution, residual } = nonNegativeLeastSquares(columns([1, 0], [0, 1]), Float64Array.of(-3, 4));
    near(solution, [0, 4]);
    near([residual], [3 / Math.SQRT2]);
  });

  it('takes unknowns that hardly matter for zero, rather than for anything', () => {
    const { solution } = nonNegativeLeastSquares(columns([1, 1], [1e-9, 0], [0, 0]), Float64Array.of(2, 1));
    near(solution, [1.5, 0, 0]);
  });

  it('finds any solution back from more equations than unknowns', () => {
    const entry = fc.integer({ min: -4, max: 4 });
    const wanted = fc.tuple(fc.nat(9), fc.nat(9));
    const rows = fc.array(fc.tuple(entry, entry), { minLength: 4, maxLength: 8 });
    fc.assert(
      fc.property(rows, wanted, (matrix, [x, y]) => {
        const [a, b] = [matrix.map(([value]) => value), matrix.map(([, value]) => value)];
        const dot = (u: number[], v: number[]): number => u.reduce((sum, value, i) => sum + value * v[i], 0);
        // Columns that are nearly parallel have many solutions.
        fc.pre(dot(a, b) ** 2 < 0.8 * dot(a, a) * dot(b, b));
        const right = Float64Array.from(matrix, ([p, q]) => p * x + q * y);
        near(nonNegativeLeastSquares(columns(a, b), right).solution, [x, y], 1e-3);
      }),
    );
  });
});

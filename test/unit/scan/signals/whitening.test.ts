import assert from 'node:assert/strict';
import { Rng } from '../../../../server/src/graph/rng';
import {
  covarianceOfMean,
  CovarianceSum,
  factorise,
  meanOf,
  whiten,
} from '../../../../server/src/scan/signals/whitening';

function close(actual: number, expected: number, tolerance = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

describe('whitening', () => {
  it('weighs rows by how often they count', () => {
    const sum = new CovarianceSum(2);
    sum.add(Float64Array.of(1, 2), 3);
    sum.add(Float64Array.of(5, 4), 1);
    const covariance = sum.covariance();
    close(covariance[0], 3);
    close(covariance[2], 1.5);
    close(covariance[3], 0.75);
  });

  it('takes the mean over nodes, not over graphs', () => {
    const mean = meanOf({ nodes: Float64Array.of(1, 3), sums: Float64Array.of(2, 4, 10, 8), width: 2 });
    assert.deepEqual([...mean], [3, 3]);
  });

  it('expects of a mean what samples of graphs show', () => {
    const rng = new Rng(1, 'graphs');
    const sample = (): { nodes: Float64Array; sums: Float64Array; width: number; value: number } => {
      const nodes = Float64Array.from({ length: 40 }, () => 5 + rng.integer(10));
      const sums = new Float64Array(80);
      nodes.forEach((count, g) => {
        // Nodes of a graph are alike: the graph decides, not the number of nodes.
        const value = 3 * rng.normal();
        sums[2 * g] = count * value;
        sums[2 * g + 1] = count * value * value;
      });
      return { nodes, sums, width: 2, value: meanOf({ nodes, sums, width: 2 })[0] };
    };
    const samples = Array.from({ length: 400 }, sample);
    const spread = Math.sqrt(samples.reduce((sum, { value }) => sum + value ** 2, 0) / samples.length);
    const nodeCovariance = Float64Array.of(9, 0, 0, 162);
    const expected = samples.map((one) => Math.sqrt(covarianceOfMean(one, nodeCovariance)[0]));
    const average = expected.reduce((sum, value) => sum + value, 0) / expected.length;
    close(average / spread, 1, 0.1);
  });

  it('makes noise of a covariance uncorrelated', () => {
    const matrix = Float64Array.of(4, 0, 0, 2, 5, 0, 0.4, -1, 2);
    const factor = factorise(matrix.slice(), 3);
    const columns = [0, 1, 2].map((j) =>
      whiten(
        factor,
        Float64Array.from([0, 1, 2], (i) => factor[3 * i + j] * Number(i >= j)),
      ),
    );
    columns.forEach((column, j) => column.forEach((value, i) => close(value, i === j ? 1 : 0)));
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j <= i; j++) {
        let product = 0;
        for (let k = 0; k <= j; k++) product += factor[3 * i + k] * factor[3 * j + k];
        close(product, matrix[3 * i + j]);
      }
    }
  });
});

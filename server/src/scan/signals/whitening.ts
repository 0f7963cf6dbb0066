import type { NormalisedMoments } from './normalisedOutputs';

/** Weight of the covariance among nodes, scaled, beside that among graphs, which few graphs know poorly. */
const nodeWeight = 0.3;
/** Standard deviations that no mean is known better than, of values and of squares: rounding, and moving statistics. */
const floors = [0.03, 0.2];

/** Sum over nodes of the products of what is told to `add`, for a covariance of any number of nodes. */
export class CovarianceSum {
  private count = 0;
  private readonly sum: Float64Array;
  private readonly products: Float64Array;

  constructor(readonly width: number) {
    this.sum = new Float64Array(width);
    this.products = new Float64Array(width * width);
  }

  /** @param count how often the row counts */
  add(row: Float64Array, count: number): void {
    const { width, sum, products } = this;
    this.count += count;
    for (let i = 0; i < width; i++) {
      const weighed = count * row[i];
      sum[i] += weighed;
      const base = i * width;
      for (let j = 0; j <= i; j++) products[base + j] += weighed * row[j];
    }
  }

  /** Lower triangle of the covariance, row-major `[width, width]`. */
  covariance(): Float64Array {
    const { width, sum, products, count } = this;
    const result = new Float64Array(products.length);
    for (let i = 0; i < width; i++) {
      for (let j = 0; j <= i; j++) {
        result[i * width + j] = (products[i * width + j] - (sum[i] * sum[j]) / count) / count;
      }
    }
    return result;
  }
}

/**
 * How far the mean over all nodes of a sample of graphs may lie from that of the graphs it was drawn from: the
 * covariance of a ratio of sums over graphs, shrunk toward that among nodes.
 *
 * @param moments at least two graphs
 * @param amongNodes lower triangle, as `CovarianceSum` gives it
 * @returns lower triangle, row-major `[width, width]`; positive definite
 */
export function covarianceOfMean({ nodes, sums, width }: NormalisedMoments, amongNodes: Float64Array): Float64Array {
  const graphs = nodes.length;
  const mean = meanOf({ nodes, sums, width });
  const total = nodes.reduce((sum, count) => sum + count, 0);
  const amongGraphs = new CovarianceSum(width);
  const deviation = new Float64Array(width);
  const scale = graphs / Math.sqrt(graphs - 1) / total;
  for (let g = 0; g < graphs; g++) {
    for (let j = 0; j < width; j++) deviation[j] = scale * (sums[g * width + j] - nodes[g] * mean[j]);
    amongGraphs.add(deviation, 1);
  }
  // The deviations sum to zero: their covariance is the mean of their products.
  const covariance = amongGraphs.covariance();
  const share = (nodeWeight * trace(covariance, width)) / (trace(amongNodes, width) || 1);
  const hidden = width / 2;
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      const at = i * width + j;
      covariance[at] = (1 - nodeWeight) * covariance[at] + share * amongNodes[at];
    }
    covariance[i * width + i] += floors[i < hidden ? 0 : 1] ** 2;
  }
  return covariance;
}

/** Mean over all nodes of all graphs, `[width]`. */
export function meanOf({ nodes, sums, width }: NormalisedMoments): Float64Array {
  const total = nodes.reduce((sum, count) => sum + count, 0);
  const mean = new Float64Array(width);
  for (let at = 0; at < sums.length; at++) mean[at % width] += sums[at] / total;
  return mean;
}

/** Cholesky factor L of a positive definite matrix, in place of its lower triangle. */
export function factorise(matrix: Float64Array, width: number): Float64Array {
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * width + j];
      for (let k = 0; k < j; k++) rest -= matrix[i * width + k] * matrix[j * width + k];
      matrix[i * width + j] = i === j ? Math.sqrt(rest) : rest / matrix[j * width + j];
    }
  }
  return matrix;
}

/** L^-1 x: a difference of means in standard deviations, uncorrelated. */
export function whiten(factor: Float64Array, x: Float64Array): Float64Array {
  const width = x.length;
  const result = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    let rest = x[i];
    for (let k = 0; k < i; k++) rest -= factor[i * width + k] * result[k];
    result[i] = rest / factor[i * width + i];
  }
  return result;
}

function trace(matrix: Float64Array, width: number): number {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += matrix[i * width + i];
  return sum;
}

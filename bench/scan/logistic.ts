import { standardised } from '../../server/src/scan/score';

/** A row of features and whether the model behind it is backdoored. */
export interface Sample {
  readonly features: readonly number[];
  readonly positive: boolean;
}

/** A logistic regression over standardised features. */
export interface Logistic {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly weights: readonly number[];
  readonly intercept: number;
}

/** Deviations from its mean that a feature counts up to. */
export const limit = 2;
const ridge = 1;
const steps = 50;

/** Fits with classes weighed evenly and an L2 penalty of 1 on the weights, by Newton's method. */
export function fitLogistic(samples: readonly Sample[]): Logistic {
  const width = samples[0].features.length;
  const column = (j: number): number[] => samples.map(({ features }) => features[j]);
  const mean = Array.from({ length: width }, (_, j) => average(column(j)));
  const deviation = mean.map((centre, j) => Math.sqrt(average(column(j).map((x) => (x - centre) ** 2))) + 1e-6);
  const positives = samples.filter(({ positive }) => positive).length;
  const rows = samples.map(({ features, positive }) => ({
    z: [...features.map((x, j) => standardised(x, mean[j], deviation[j], limit)), 1],
    y: positive ? 1 : 0,
    weight: samples.length / 2 / (positive ? positives : samples.length - positives),
  }));
  let w = new Array<number>(width + 1).fill(0);
  for (let step = 0; step < steps; step++) {
    const gradient = w.map((value, j) => (j < width ? ridge * value : 1e-6 * value));
    const hessian = w.map((_, i) => w.map((_unused, j) => (i === j ? (i < width ? ridge : 1e-6) : 0)));
    for (const { z, y, weight } of rows) {
      const p = logistic(dot(w, z));
      z.forEach((zi, i) => {
        gradient[i] += weight * (p - y) * zi;
        z.forEach((zj, j) => (hessian[i][j] += weight * (p * (1 - p) + 1e-6) * zi * zj));
      });
    }
    const change = solve(hessian, gradient);
    w = w.map((value, i) => value - change[i]);
    if (Math.max(...change.map(Math.abs)) < 1e-9) break;
  }
  return { mean, deviation, weights: w.slice(0, width), intercept: w[width] };
}

/** The linear score, before the logistic. */
export function scoreOf(model: Logistic, features: readonly number[]): number {
  const z = features.map((x, j) => standardised(x, model.mean[j], model.deviation[j], limit));
  return dot(model.weights, z) + model.intercept;
}

function logistic(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

/** Solves A x = b by Gaussian elimination with pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  const n = rows.length;
  for (let i = 0; i < n; i++) {
    const pivot = rows
      .slice(i)
      .reduce((best, row, k) => (Math.abs(row[i]) > Math.abs(rows[best][i]) ? i + k : best), i);
    [rows[i], rows[pivot]] = [rows[pivot], rows[i]];
    for (let k = i + 1; k < n; k++) {
      const factor = rows[k][i] / rows[i][i];
      for (let j = i; j <= n; j++) rows[k][j] -= factor * rows[i][j];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    const known = rows[i].slice(i + 1, n).reduce((sum, value, k) => sum + value * x[i + 1 + k], 0);
    x[i] = (rows[i][n] - known) / rows[i][i];
  }
  return x;
}

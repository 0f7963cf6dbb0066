/** Small descriptive statistics over plain arrays; empty input is a programming error and gives NaN. */
import { quantileInPlace } from '../gnn/quantile';

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Standard deviation with n - 1 in the denominator; 0 for a single value. */
export function standardDeviation(values: ArrayLike<number>): number {
  if (values.length === 1) return 0;
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/** Quantile with linear interpolation between order statistics. @param q in [0, 1] */
export function quantile(values: ArrayLike<number>, q: number): number {
  return quantileInPlace(Float64Array.from(values), q);
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** Mean of the `count` largest values (of all where there are fewer). */
export function meanOfLargest(values: ArrayLike<number>, count: number): number {
  const sorted = Float64Array.from(values).sort();
  return mean(sorted.subarray(Math.max(0, sorted.length - count)));
}

/** Pearson correlation; 0 where either side is constant. @param b as long as `a` */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const centreA = mean(a);
  const centreB = mean(b);
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] - centreA;
    const y = b[i] - centreB;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  const tiny = 1e-18 * a.length;
  return aa > tiny && bb > tiny ? ab / Math.sqrt(aa * bb) : 0;
}

/** sign(x) log(1 + |x|): keeps the sign and tames the long tails of shifts. */
export function signedLog(x: number): number {
  return Math.sign(x) * Math.log1p(Math.abs(x));
}

/** Largest minus smallest of the values that exist; 0 where fewer than two do. */
export function asymmetry(values: readonly (number | undefined)[]): number {
  const present = values.filter((value) => value !== undefined);
  return present.length < 2 ? 0 : Math.max(...present) - Math.min(...present);
}

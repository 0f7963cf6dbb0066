import assert from 'node:assert/strict';
import {
  asymmetry,
  correlation,
  mean,
  meanOfLargest,
  median,
  quantile,
  signedLog,
  standardDeviation,
} from '../../../server/src/scan/statistics';

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

describe('statistics', () => {
  it('interpolates quantiles linearly between order statistics', () => {
    const values = [4, 1, 3, 2];
    close(quantile(values, 0), 1);
    close(quantile(values, 1), 4);
    close(quantile(values, 0.9), 3.7);
    close(median(values), 2.5);
    close(median([5, 1, 9]), 5);
    assert.deepEqual(values, [4, 1, 3, 2], 'the input stays as it was');
  });

  it('sorts numbers by value, not by text', () => {
    close(median([100, 9, 20]), 20);
    close(quantile([-10, -9, 1], 0), -10);
  });

  it('divides the variance by n - 1', () => {
    close(standardDeviation([1, 2, 3, 4]), Math.sqrt(5 / 3));
    close(standardDeviation([7]), 0);
    close(mean(new Float32Array([1, 2])), 1.5);
  });

  it('averages the largest values, or all where there are fewer', () => {
    close(meanOfLargest([1, 5, 2, 4], 2), 4.5);
    close(meanOfLargest([1, 3], 3), 2);
  });

  it('correlates, and calls a constant side uncorrelated', () => {
    close(correlation([1, 2, 3], [2, 4, 6]), 1);
    close(correlation([1, 2, 3], [3, 2, 1]), -1);
    close(correlation([1, 2, 3, 4], [1, 3, 2, 4]), 0.8);
    close(correlation([1, 2, 3], [5, 5, 5]), 0);
    close(correlation([0.1, 0.1, 0.1], [1, 2, 3]), 0);
  });

  it('keeps the sign in the signed logarithm', () => {
    close(signedLog(Math.E - 1), 1);
    close(signedLog(1 - Math.E), -1);
    close(signedLog(0), 0);
  });

  it('takes the asymmetry over the values that exist', () => {
    close(asymmetry([0.2, undefined, -0.5]), 0.7);
    close(asymmetry([0.2, undefined]), 0);
    close(asymmetry([]), 0);
  });
});

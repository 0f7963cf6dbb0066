import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { NodeClasses } from '../../../server/src/graph/fold';
import { DistinctClasses, raiseMaxima, reachInPlace } from '../../../server/src/scan/reach';
import { quantile } from '../../../server/src/scan/statistics';

/** Values, -0 and NaN among them, and which rows of them to look at. */
const matrices = fc.integer({ min: 1, max: 11 }).chain((width) =>
  fc.record({
    width: fc.constant(width),
    values: fc.array(fc.float(), { minLength: 12 * width, maxLength: 12 * width }),
    rows: fc.array(fc.integer({ min: 0, max: 11 }), { maxLength: 20 }),
  }),
);

describe('reach', () => {
  it('raises maxima as a comparison of every value does', () => {
    fc.assert(
      fc.property(matrices, ({ width, values, rows }) => {
        const expected = new Float32Array(width).fill(0.5);
        for (const row of rows) {
          for (let j = 0; j < width; j++) {
            const value = values[row * width + j];
            if (value > expected[j]) expected[j] = value;
          }
        }
        const maxima = new Float32Array(width).fill(0.5);
        raiseMaxima(maxima, Float32Array.from(values), Int32Array.from([...rows, 0]), rows.length);
        assert.deepEqual(maxima, expected);
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  it('is the 0.9-quantile over channels of activation over range, rounded to float32', () => {
    const largest = Float32Array.from({ length: 16 }, (_, j) => (j * 7) % 16);
    const range = Float32Array.from({ length: 16 }, (_, j) => 1 + (j % 3));
    const ratios = largest.map((value, j) => value / range[j]);
    assert.equal(reachInPlace(largest, range), quantile(ratios, 0.9));
  });

  it('sees each class once, call by call', () => {
    const classes: NodeClasses = {
      count: 3,
      classOf: Int32Array.of(0, 1, 0, 2, 1, 1),
      representatives: Int32Array.of(0, 1, 3),
      multiplicity: Float32Array.of(2, 3, 1),
    };
    const distinct = new DistinctClasses(classes);
    const among = (begin: number, end: number): number[] => {
      const count = distinct.among(begin, end);
      return [...distinct.found.subarray(0, count)];
    };
    assert.deepEqual(among(0, 3), [0, 1]);
    assert.deepEqual(among(3, 6), [2, 1]);
    assert.deepEqual(among(2, 2), []);
    assert.deepEqual(among(0, 6), [0, 1, 2]);
  });
});

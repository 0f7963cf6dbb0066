import assert from 'node:assert/strict';
import fc from 'fast-check';
import { quantileInPlace } from '../../../server/src/gnn/quantile';

/** By sorting, in the same arithmetic. */
function sortedQuantile(values: Float32Array | Float64Array, q: number): number {
  const sorted = values.slice().sort();
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

const share = fc.double({ min: 0, max: 1, noNaN: true });
/** Few different values, as after a ReLU, or any numbers there are. */
const number32 = fc.oneof(fc.constantFrom(0, -0, 1, 2, Infinity, -Infinity, NaN), fc.float());

/**
 * Numbers in an order in which every pivot leaves all but two values: after each round the two smallest that are left
 * come to lie first and in the middle, where pivots are taken from.
 */
function slowestOrder(count: number): Float64Array {
  const values = new Float64Array(count).fill(count);
  const places = Int32Array.from({ length: count }, (_, i) => i);
  for (let first = 0; first + 2 < count; first += 2) {
    const middle = (first + count - 1) >> 1;
    values[places[first]] = first;
    values[places[middle]] = first + 1;
    [places[first + 1], places[middle]] = [places[middle], places[first + 1]];
  }
  return values;
}

describe('quantileInPlace', () => {
  it('has the very bits of the quantile of the sorted values', () => {
    fc.assert(
      fc.property(fc.array(number32, { minLength: 1, maxLength: 200 }), share, (values, q) => {
        const expected = sortedQuantile(Float32Array.from(values), q);
        assert.ok(Object.is(quantileInPlace(Float32Array.from(values), q), expected));
        assert.ok(Object.is(quantileInPlace(Float64Array.from(values), q), expected));
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  it('keeps the values, in another order', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => (i * 7919) % 611);
    const reordered = values.slice();
    quantileInPlace(reordered, 0.99);
    assert.deepEqual(reordered.sort(), values.sort());
  });

  it('takes no more than a sort on an order that is chosen to make selection slow', () => {
    const killer = slowestOrder(200_000);
    const started = process.cpuUsage();
    assert.equal(quantileInPlace(killer.slice(), 1), sortedQuantile(killer, 1));
    assert.ok(process.cpuUsage(started).user < 2e6);
  });
});

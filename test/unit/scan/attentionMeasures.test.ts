import assert from 'node:assert/strict';
import fc from 'fast-check';
import { topNodes, unevenness } from '../../../server/src/scan/attentionMeasures';

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

describe('unevenness of attention', () => {
  it('of two nodes, by hand', () => {
    const { share, gini, entropy } = unevenness([1, 3]);
    close(share, 3 / 4);
    // Mean absolute difference over twice the mean: (|1-3| + |3-1|) / 4 / (2 * 2).
    close(gini, 1 / 4);
    close(entropy, -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75)) / Math.log(2));
  });

  it('counts 5% of the nodes as the top, at least one', () => {
    close(unevenness(new Float32Array(10).fill(1)).share, 1 / 10);
    close(unevenness(new Float32Array(39).fill(1)).share, 1 / 39);
    close(unevenness(new Float32Array(40).fill(1)).share, 2 / 40);
  });

  it('has its ends where all nodes have the same, and where one has all', () => {
    const even = unevenness([2, 2, 2, 2]);
    close(even.gini, 0);
    close(even.entropy, 1);
    const one = unevenness([0, 0, 5, 0]);
    assert.deepEqual([one.share, one.entropy], [1, 0]);
    close(one.gini, 3 / 4);
  });

  it('of a single node, and of no attention at all', () => {
    assert.deepEqual(unevenness([7]), { share: 1, gini: 0, entropy: 1 });
    assert.deepEqual(unevenness([0, 0]), { share: 0, gini: 0, entropy: 1 });
  });

  it('depends neither on the order of the nodes nor on the unit, and agrees with the definition of Gini', () => {
    const attention = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(attention, (values) => {
        const total = values.reduce((sum, value) => sum + value, 0);
        fc.pre(total > 0);
        const { share, gini, entropy } = unevenness(values);
        const other = unevenness(values.map((value) => 8 * value).reverse());
        close(other.share, share);
        close(other.gini, gini);
        assert.ok(Math.abs(other.entropy - entropy) < 1e-9);
        assert.ok(share > 0 && share <= 1 && entropy > -1e-12 && entropy < 1 + 1e-12);
        const differences = values.flatMap((a) => values.map((b) => Math.abs(a - b)));
        const mean = differences.reduce((sum, value) => sum + value, 0) / values.length ** 2;
        assert.ok(Math.abs(gini - mean / ((2 * total) / values.length)) < 1e-9);
      }),
    );
  });

  it('names the top nodes, the strongest first', () => {
    assert.deepEqual(topNodes([1, 5, 3]), [1]);
    const forty = new Float32Array(40);
    forty[30] = 2;
    forty[7] = 1;
    assert.deepEqual(topNodes(forty), [30, 7]);
    assert.deepEqual(topNodes(new Float32Array(5)), [0]);
  });
});

import assert from 'node:assert/strict';
import { groupBy, shareText, spreadOf } from '../../../../server/src/report/grid/spread';

describe('spreadOf', () => {
  it('is mean and sample deviation of the values that exist', () => {
    assert.deepEqual(spreadOf([1, undefined, 2, 3]), { mean: 2, deviation: 1, count: 3 });
    assert.deepEqual(spreadOf([0.5]), { mean: 0.5, deviation: 0, count: 1 });
    assert.equal(spreadOf([undefined]), undefined);
  });
});

describe('shareText', () => {
  it('shows percent, a deviation where there is one, and a dash where there is nothing', () => {
    assert.equal(shareText(spreadOf([0.1, 0.3])), '20.0 ±14.1');
    assert.equal(shareText(spreadOf([0.25, 0.25])), '25.0');
    assert.equal(shareText(spreadOf([-0.0001])), '0.0');
    assert.equal(shareText(undefined), '-');
  });
});

describe('groupBy', () => {
  it('keeps the order of items and of names', () => {
    const groups = groupBy([3, 1, 4, 2], (n) => (n % 2 === 0 ? 'even' : 'odd'));
    assert.deepEqual([...groups], [['odd', [3, 1]], ['even', [4, 2]]]); // prettier-ignore
  });
});

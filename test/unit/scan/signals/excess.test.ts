import assert from 'node:assert/strict';
import { excess } from '../../../../server/src/scan/signals/excess';

describe('excess', () => {
  it('is the signed log of the largest difference of medians', () => {
    const value = excess([
      { model: [1, 2, 30], clipped: [0, 1, 2] },
      { model: [9, 10, 11], clipped: [1, 2, 3] },
    ]);
    assert.ok(value !== undefined && Math.abs(value - Math.log1p(8)) < 1e-12);
  });

  it('keeps the sign where the clipped copy is shifted farther', () => {
    const value = excess([{ model: [0], clipped: [3] }]);
    assert.ok(value !== undefined && Math.abs(value + Math.log1p(3)) < 1e-12);
  });

  it('is not defined without triggers', () => assert.equal(excess([]), undefined));
});

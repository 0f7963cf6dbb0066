import assert from 'node:assert/strict';
import { progressShares } from '../../../server/src/scan/progressShares';

describe('progressShares', () => {
  it('weighs the pieces and ends at 1', () => {
    const fractions: number[] = [];
    const done = progressShares([1, 1, 2], (fraction) => fractions.push(fraction));
    done(2, 0.5);
    done(0, 1);
    done(2, 1);
    done(1, 1);
    assert.deepEqual(fractions, [0.25, 0.5, 0.75, 1]);
  });

  it('does without a listener', () => {
    assert.doesNotThrow(() => progressShares([1])(0, 1));
  });
});

import assert from 'node:assert/strict';
import { auroc, aurocInterval, aurocText, foundAt } from '../../../bench/scan/evaluation';
import { Rng } from '../../../server/src/graph/rng';

describe('evaluation of scores', () => {
  const positives = [3, 2, 5, 4];
  const negatives = [1, 2, 0, 1];

  it('counts how often a positive is above a negative, ties as half', () => {
    assert.equal(auroc(positives, negatives), 15.5 / 16);
    assert.ok(Number.isNaN(auroc([], negatives)));
  });

  it('bounds the area by resampling the models', () => {
    const [low, high] = aurocInterval(positives, negatives, new Rng(1, 'interval'));
    assert.ok(low < 15.5 / 16 && low > 0.7 && high === 1);
    assert.match(aurocText(positives, negatives), /^0\.97 \(0\.\d\d-1\.00\)$/);
    assert.equal(aurocText([], negatives), '-');
  });

  it('finds by the conformal rule', () => {
    // With four negatives, (1 + 0) / 5 is the least rate there is.
    assert.equal(foundAt(0.2, positives, negatives), 0.75);
    assert.equal(foundAt(0.1, positives, negatives), 0);
  });
});

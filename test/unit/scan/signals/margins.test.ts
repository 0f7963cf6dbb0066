import assert from 'node:assert/strict';
import { margins } from '../../../../server/src/scan/signals/margins';
import { reference } from './reference';

describe('margins', () => {
  it('is the logit minus the best other logit', () => {
    assert.deepEqual([...margins([3, 1, 0, -2, 5, 5], 3)], [2, -2, -3, -7, 0, 0]);
  });

  it('agrees with the reference', () => {
    const actual = margins(reference.hostLogits, reference.classCount);
    actual.forEach((value, i) => assert.ok(Math.abs(value - reference.margins[i]) < 1e-6));
  });

  it('is antisymmetric for two classes', () => {
    assert.deepEqual([...margins([0.25, 1], 2)], [-0.75, 0.75]);
  });
});

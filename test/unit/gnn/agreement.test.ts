import assert from 'node:assert/strict';
import { agreementByChance } from '../../../server/src/gnn/agreement';

describe('agreementByChance', () => {
  it('comes near the exact probability', () => {
    // Two of ten are of class 1, and both are found: one order of the 45 that differ.
    const labels = [0, 0, 0, 1, 0, 0, 1, 0, 0, 0];
    assert.ok(Math.abs(agreementByChance(labels, labels) - 1 / 45) < 0.01);
  });

  it('is 1 where all predictions are the same, however many are right', () => {
    assert.equal(agreementByChance([0, 0, 0, 0, 0], [0, 0, 0, 0, 1]), 1);
  });

  it('is large where predictions do not go with the labels, and is the same again', () => {
    const labels = Array.from({ length: 40 }, (_, i) => i % 2);
    const predicted = Array.from({ length: 40 }, (_, i) => (i >> 1) % 2);
    assert.ok(agreementByChance(predicted, labels) > 0.3);
    assert.equal(agreementByChance(predicted, labels), agreementByChance(predicted, labels));
  });
});

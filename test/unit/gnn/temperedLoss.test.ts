import assert from 'node:assert/strict';
import { meanOf, temperedLosses } from '../../../server/src/gnn/temperedLoss';

const temperedLoss = (logits: ArrayLike<number>, labels: readonly number[]): number =>
  meanOf(temperedLosses(logits, labels));

describe('temperedLosses', () => {
  const labels = [0, 1, 0, 1];
  const logits = [1, 0, 0, 2, 0, 0.5, 0.5, 1];

  it('does not depend on the scale of the logits', () => {
    for (const factor of [0.25, 4, 64]) {
      const scaled = logits.map((value) => factor * value);
      assert.ok(Math.abs(temperedLoss(scaled, labels) - temperedLoss(logits, labels)) < 1e-12);
    }
  });

  it('is no more than the cross-entropy, and that of guessing where the logits say nothing', () => {
    const softmax = (row: number, label: number): number =>
      Math.exp(logits[2 * row + label]) / (Math.exp(logits[2 * row]) + Math.exp(logits[2 * row + 1]));
    const loss = labels.reduce((sum, label, row) => sum - Math.log(softmax(row, label)), 0) / labels.length;
    assert.ok(temperedLoss(logits, labels) <= loss);
    assert.ok(Math.abs(temperedLoss(new Float32Array(8), labels) - Math.log(2)) < 1e-12);
    const wrong = logits.map((value) => -value);
    assert.ok(Math.abs(temperedLoss(wrong, labels) - Math.log(2)) < 1e-3);
  });
});

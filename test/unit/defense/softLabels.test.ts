import assert from 'node:assert/strict';
import {
  balancedWeights,
  divergenceRows,
  mixTrueLabels,
  sharpeningTemperature,
  softmaxRows,
} from '../../../server/src/defense/softLabels';
import { graphOf } from '../../support/graphs';
import { assertClose } from './assertClose';

function meanEntropy(probabilities: Float32Array, classes: number): number {
  return (-probabilities.reduce((sum, p) => sum + p * Math.log(p), 0) * classes) / probabilities.length;
}

describe('soft labels', () => {
  it('softmax of rows stays finite for large logits and sharpens with a low temperature', () => {
    assertClose(softmaxRows([1000, 1000, 0, Math.log(3)], 2), [0.5, 0.5, 0.25, 0.75], 'softmax');
    assertClose(softmaxRows([0, Math.log(3)], 2, 0.5), [0.1, 0.9], 'sharpened');
  });

  it('lowers the temperature just far enough, and never raises it', () => {
    const soft = [0, 0.5, 0.2, -0.4, 1, 0.3, 0.1, 0.6];
    const temperature = sharpeningTemperature(soft, 2, 0.25);
    assert.ok(temperature < 1);
    const entropy = meanEntropy(softmaxRows(soft, 2, temperature), 2);
    assert.ok(Math.abs(entropy / (0.25 * Math.log(2)) - 1) < 1e-3, String(entropy));
    assert.equal(sharpeningTemperature([9, -9, -9, 9], 2, 0.25), 1);
    assert.equal(sharpeningTemperature(soft, 2, 1), 1);
  });

  it('moves only copies of clean graphs halfway to their class', () => {
    const targets = Float32Array.of(0.8, 0.2, 0.8, 0.2);
    const graphs = [graphOf(1, { classLabel: 1 }), graphOf(1, { classLabel: 1 })];
    mixTrueLabels(targets, { graphs, source: Int32Array.of(0, -1) }, 2);
    assertClose(targets, [0.4, 0.6, 0.8, 0.2], 'targets');
  });

  it('weighs rare classes up to the cap, and frequent ones not down', () => {
    // Five graphs of class 0 to one of class 1.
    const targets = Float32Array.from([0.9, 0.1, 0.8, 0.2, 0.7, 0.3, 0.9, 0.1, 0.6, 0.4, 0.1, 0.9]);
    assertClose(balancedWeights(targets, 2, 5), [1, 1, 1, 1, 1, 3], 'balanced');
    assertClose(balancedWeights(targets, 2, 2), [1, 1, 1, 1, 1, 2], 'capped');
    assertClose(balancedWeights(targets, 2, 1), [1, 1, 1, 1, 1, 1], 'off');
  });

  it('measures divergence like its definition, with 0 log 0 = 0', () => {
    const logits = [1, 2, 0, 0];
    const q = softmaxRows(logits, 2);
    const expected = 0.3 * Math.log(0.3 / q[0]) + 0.7 * Math.log(0.7 / q[1]);
    assertClose(divergenceRows(logits, Float32Array.of(0.3, 0.7, 1, 0), 2), [expected, Math.LN2], 'divergence');
  });
});

import assert from 'node:assert/strict';
import { falseAlarmRate, shareBelow, suspicionOf, type Calibration } from '../../../server/src/scan/score';

const reference: Calibration = {
  signals: {
    rhoAsymmetry: { mean: 1, deviation: 2, weight: 3 },
    gain: { mean: 0, deviation: 1, weight: 0.5 },
    excessAsymmetry: { mean: 2, deviation: 4, weight: -1 },
  },
  intercept: 0.25,
  clean: {
    suspicion: [0.1, 0.2, 0.2, 0.9],
    estimatedAsr: [],
    asrGap: [],
    concentrationRise: [],
    giniRise: [],
    entropyFall: [],
  },
};

describe('suspicion score', () => {
  it('is the logistic of the weighted, standardised signals', () => {
    const value = suspicionOf({ rhoAsymmetry: 2, gain: 0.5, excessAsymmetry: 0 }, reference);
    assert.ok(Math.abs(value - 1 / (1 + Math.exp(-(0.25 + 1.5 + 0.25 + 0.5)))) < 1e-12);
  });

  it('does not run away on one signal', () => {
    const suspicion = (gain: number): number => suspicionOf({ rhoAsymmetry: 1, gain, excessAsymmetry: 2 }, reference);
    assert.ok(suspicion(1) > suspicion(0.5));
    assert.equal(suspicion(8), suspicion(1));
    assert.equal(suspicion(-8), suspicion(-1));
  });

  it('counts a signal up to the limit of the calibration', () => {
    const wide = { ...reference, limit: 3 };
    const suspicion = (gain: number): number => suspicionOf({ rhoAsymmetry: 1, gain, excessAsymmetry: 2 }, wide);
    assert.ok(suspicion(3) > suspicion(1));
    assert.equal(suspicion(8), suspicion(3));
  });

  it('does not take a signal that was not measured for a low one', () => {
    const traced = { ...reference, signals: { trace: { mean: 0, deviation: 1, weight: 1 } } };
    const summary = { rhoAsymmetry: 2, gain: 0.5, excessAsymmetry: 0 };
    assert.throws(() => suspicionOf(summary, traced), /trace was not measured/);
    assert.equal(suspicionOf({ ...summary, trace: 0 }, traced), 1 / (1 + Math.exp(-0.25)));
  });

  it('ranks a value among the clean references', () => {
    assert.equal(shareBelow(reference.clean.suspicion, 0.2), 0.25);
    assert.equal(shareBelow(reference.clean.suspicion, 1), 1);
    assert.equal(shareBelow([], 1), 0);
  });

  it('never calls a false alarm rarer than the references can show', () => {
    assert.equal(falseAlarmRate(reference.clean.suspicion, 1), 1 / 5);
    assert.equal(falseAlarmRate(reference.clean.suspicion, 0.9), 2 / 5);
    assert.equal(falseAlarmRate(reference.clean.suspicion, 0), 1);
    assert.equal(falseAlarmRate([], 1), 1, 'no references, no alarm');
  });
});

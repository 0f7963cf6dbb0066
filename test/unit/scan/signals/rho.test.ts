import assert from 'node:assert/strict';
import { rhoByClass } from '../../../../server/src/scan/signals/rho';
import { reference, referenceRecording } from './reference';

describe('rho', () => {
  it('agrees with the reference for every class', () => {
    const actual = rhoByClass(referenceRecording());
    assert.equal(actual.length, reference.classCount);
    actual.forEach((value, c) => assert.ok(Math.abs((value ?? NaN) - reference.rho[c]) < 1e-9));
  });

  it('says nothing about a class that nearly all hosts already belong to', () => {
    const recording = referenceRecording();
    const hostPredictions = recording.hostPredictions.map((_, host) => (host < 2 ? 0 : 1));
    const values = rhoByClass({ ...recording, hostPredictions });
    assert.equal(values[1], undefined);
    assert.equal(typeof values[0], 'number');
  });

  it('is 1 toward a class whose shift follows the reach', () => {
    const recording = referenceRecording();
    const { classCount } = recording;
    const last = recording.reach[recording.reach.length - 1];
    const shifts = recording.shifts.map((_, i) => last[Math.floor(i / classCount)] * (i % classCount === 2 ? 3 : -1));
    const values = rhoByClass({ ...recording, shifts });
    assert.ok(Math.abs((values[2] ?? NaN) - 1) < 1e-12);
    assert.ok(Math.abs((values[0] ?? NaN) + 1) < 1e-12);
  });
});

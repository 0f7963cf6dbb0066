import assert from 'node:assert/strict';
import { gain } from '../../../../server/src/scan/signals/gain';
import { reference, referenceRecording } from './reference';

describe('gain', () => {
  it('agrees with the reference', () => {
    assert.ok(Math.abs(gain(referenceRecording()) - reference.gain) < 1e-9);
  });

  it('is about log k where the last layer is reached k times as far as the first', () => {
    const recording = referenceRecording();
    const [first] = recording.reach;
    const value = gain({ ...recording, reach: [first, first.map((reach) => 38 * reach)] });
    assert.ok(Math.abs(value - Math.log(38)) < 1e-2);
  });
});

import assert from 'node:assert/strict';
import { strongestTriggers } from '../../../../server/src/scan/signals/strongestTriggers';
import { reference, referenceRecording } from './reference';

describe('strongestTriggers', () => {
  it('agrees with the reference for every class', () => {
    const recording = referenceRecording();
    for (let c = 0; c < reference.classCount; c++) {
      assert.deepEqual(strongestTriggers(recording, c, 3), reference.strongest[c]);
    }
  });

  it('finds none toward a class without enough hosts outside it', () => {
    const recording = referenceRecording();
    assert.deepEqual(strongestTriggers({ ...recording, hostPredictions: new Int32Array(7).fill(1) }, 1, 3), []);
  });
});

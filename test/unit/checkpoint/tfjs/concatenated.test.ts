import assert from 'node:assert/strict';
import { concatenated } from '../../../../server/src/checkpoint/tfjs/concatenated';

describe('concatenated', () => {
  const parts = [Buffer.of(0, 1, 2), Buffer.of(), Buffer.of(3), Buffer.of(4, 5, 6)];
  const source = concatenated(parts);

  it('is as long as its parts', () => assert.equal(source.length, 7));

  it('gives any part of the whole', () => {
    const whole = Buffer.concat(parts);
    for (let start = 0; start <= 7; start++) {
      for (let end = start; end <= 8; end++) {
        assert.deepEqual(Buffer.from(source.subarray(start, end)), whole.subarray(start, end));
      }
    }
  });

  it('is the only part where there is one', () => assert.equal(concatenated([parts[0]]), parts[0]));
});

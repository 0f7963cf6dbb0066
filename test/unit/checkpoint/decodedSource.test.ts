import assert from 'node:assert/strict';
import { decodedSource } from '../../../server/src/checkpoint/decodedSource';

describe('decodedSource', () => {
  it('makes its bytes when they are asked for, and not for each part', () => {
    let count = 0;
    const source = decodedSource(4, () => {
      count++;
      return Uint8Array.of(1, 2, 3, 4);
    });
    assert.deepEqual([source.length, count], [4, 0]);
    assert.deepEqual([...source.subarray(1, 3)], [2, 3]);
    assert.deepEqual([...source.subarray(3, 9)], [4]);
    assert.equal(count, 1);
  });
});

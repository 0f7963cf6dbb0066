import assert from 'node:assert/strict';
import { Scratch } from '../../../server/src/graph/scratch';

describe('Scratch', () => {
  it('gives as many integers as asked for, in the same memory while that suffices', () => {
    const scratch = new Scratch();
    assert.equal(scratch.take(0).length, 0);
    const first = scratch.take(100);
    assert.equal(first.length, 100);
    assert.equal(scratch.take(7).buffer, first.buffer);
    assert.equal(scratch.take(5000).length, 5000);
    assert.equal(scratch.take(100).length, 100);
  });
});

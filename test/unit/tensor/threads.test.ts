import assert from 'node:assert/strict';
import { defaultThreads, limitThreads, mostThreads, onThreads, threadLimit } from '../../../server/src/tensor/threads';

describe('threads', () => {
  afterEach(() => limitThreads(1));

  it('are one where nobody says otherwise', () => {
    assert.equal(threadLimit(), 1);
  });

  it('are limited to a whole number from 1 to 16', () => {
    for (const [asked, got] of [
      [0, 1],
      [-3, 1],
      [2, 2],
      [3.7, 3],
      [1000, mostThreads],
    ]) {
      limitThreads(asked);
      assert.equal(threadLimit(), got);
    }
  });

  it('are as many as before once something was computed on more, and once that failed', async () => {
    limitThreads(3);
    assert.equal(await onThreads(2, threadLimit), 2);
    assert.equal(threadLimit(), 3);
    await assert.rejects(
      onThreads(5, () => Promise.reject(new Error(`failed on ${threadLimit()}`))),
      /failed on 5/,
    );
    assert.equal(threadLimit(), 3);
  });

  it('are by default one a core, four at most, divided among computations at the same time', () => {
    assert.equal(defaultThreads(1, 1), 1);
    assert.equal(defaultThreads(1, 2), 2);
    assert.equal(defaultThreads(1, 64), 4);
    assert.equal(defaultThreads(3, 8), 2);
    assert.equal(defaultThreads(7, 8), 1);
    assert.equal(defaultThreads(9, 8), 1);
  });
});

import assert from 'node:assert/strict';
import { limits } from '../../../../server/src/checkpoint/limits';
import { Memo } from '../../../../server/src/checkpoint/pickle/memo';

describe('Memo', () => {
  it('gives back what was set, None as well, and counts each number once', () => {
    const memo = new Memo();
    for (const [key, value] of [
      [0, 'a'],
      [7, null],
      [0, 'b'],
    ] as const)
      memo.set(key, value);
    assert.deepEqual([memo.get(0), memo.get(7), memo.size], ['b', null, 2]);
    assert.throws(() => memo.get(1), /memo key 1 was never set/);
  });

  it('goes on from another, which stays as it is', () => {
    const before = new Memo();
    before.set(0, 'a');
    before.set(1, 'b');
    const memo = new Memo();
    memo.goOnFrom(before);
    memo.set(1, null);
    memo.set(memo.size, 'c');
    assert.deepEqual([memo.get(0), memo.get(1), memo.get(2), memo.size], ['a', null, 'c', 3]);
    assert.deepEqual([before.get(1), before.size], ['b', 2]);
  });

  it('has a limit', () => {
    const memo = new Memo();
    for (let i = 0; i < limits.pickleMemo; i++) memo.set(i, i);
    assert.throws(() => memo.set(limits.pickleMemo, 0), /larger than is followed/);
  });
});

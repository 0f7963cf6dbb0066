import assert from 'node:assert/strict';
import { WeakMemo } from '../../../server/src/graph/weakMemo';

describe('WeakMemo', () => {
  it('makes the value of an owner and a key once', () => {
    const memo = new WeakMemo<object, number>();
    const [first, second] = [{}, {}];
    let made = 0;
    const make = (): number => ++made;
    assert.deepEqual(
      [memo.get(first, 'a', make), memo.get(first, 'a', make), memo.get(first, 'b', make), memo.get(second, 'a', make)],
      [1, 1, 2, 3],
    );
    assert.equal(memo.get(first, 'a', make), 1);
  });
});

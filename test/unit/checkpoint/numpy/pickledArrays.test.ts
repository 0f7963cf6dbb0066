import assert from 'node:assert/strict';
import { findArrays } from '../../../../server/src/checkpoint/numpy/pickledArrays';
import { PickledBytes } from '../../../../server/src/checkpoint/numpy/pickledBytes';
import { PickleDict, PickleList } from '../../../../server/src/checkpoint/pickle/values';

describe('findArrays', () => {
  it('goes through what is held many times over within limits', () => {
    const inner = new PickleList();
    const outer = new PickleList();
    for (let i = 0; i < 200_000; i++) inner.items.push(i);
    for (let i = 0; i < 200_000; i++) outer.items.push(inner);
    const { arrays, unread } = findArrays(outer, new PickledBytes(new Uint8Array(), 'f'));
    assert.equal(arrays.size, 0);
    assert.match([...unread.values()][0], /more often than is followed/);
  });

  it('makes no names that are longer than is read', () => {
    let root = new PickleDict();
    for (let depth = 0; depth < 60; depth++) {
      const outer = new PickleDict();
      outer.entries.push(['n'.repeat(1 << 24), root]);
      root = outer;
    }
    const { unread } = findArrays(root, new PickledBytes(new Uint8Array(), 'f'));
    assert.match([...unread.values()][0], /longer names/);
  });
});

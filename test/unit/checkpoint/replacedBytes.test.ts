import assert from 'node:assert/strict';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { ReplacedBytes, requireKnownNames } from '../../../server/src/checkpoint/replacedBytes';
import type { StridedView } from '../../../server/src/checkpoint/stridedView';

const view = (start: number, count: number): StridedView => ({
  ...{ dtype: 'uint8', shape: [count], stride: [1], byteOffset: start, littleEndian: true },
});

describe('ReplacedBytes', () => {
  it('writes into a copy', () => {
    const original = Uint8Array.of(1, 2, 3, 4);
    const replaced = new ReplacedBytes(original, 'f');
    replaced.replace('a', view(1, 2), [8, 9]);
    assert.deepEqual([...replaced.bytes], [1, 8, 9, 4]);
    assert.deepEqual([...original], [1, 2, 3, 4]);
  });

  it('lets replacements agree, and no others', () => {
    const replaced = new ReplacedBytes(new Uint8Array(4), 'f');
    replaced.replace('a', view(0, 3), [1, 2, 3]);
    replaced.replace('b', view(2, 2), [3, 4]);
    assert.throws(() => replaced.replace('c', view(3, 1), [5]), CheckpointError);
  });

  it('notices tensors that change with a replaced one', () => {
    const replaced = new ReplacedBytes(new Uint8Array(4), 'f');
    replaced.replace('a', view(0, 2), [0, 7]);
    replaced.requireUnchanged('same value', view(0, 1));
    replaced.requireUnchanged('elsewhere', view(2, 2));
    assert.throws(() => replaced.requireUnchanged('b', view(1, 2)), /"b" shares elements/);
  });
});

describe('requireKnownNames', () => {
  it('names the first that is unknown', () => {
    const known = new Map([['a', 1]]);
    requireKnownNames(new Map([['a', 2]]), known, 'f');
    assert.throws(() => requireKnownNames(new Map([['b', 2]]), known, 'f'), /no tensor "b"/);
  });
});

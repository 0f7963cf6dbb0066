import assert from 'node:assert/strict';
import { placedTensor, rewriteInPlace } from '../../../server/src/checkpoint/placed';
import type { StridedView } from '../../../server/src/checkpoint/stridedView';

const view = (byteOffset: number, length: number): StridedView => ({
  dtype: 'float32',
  shape: [length],
  stride: [1],
  byteOffset,
  littleEndian: true,
});

describe('placed', () => {
  const bytes = new Uint8Array(new Float32Array([0, 1, 2, 3]).buffer);
  const placed = new Map([
    ['a', view(4, 2)],
    ['b', view(12, 1)],
  ]);

  it('gives each tensor a storage of its own', () => {
    const tensor = placedTensor('a', view(4, 2), bytes);
    assert.deepEqual([...tensor.values()], [1, 2]);
    assert.deepEqual([tensor.view.byteOffset, tensor.storage.length], [0, 8]);
  });

  it('replaces numbers in a copy', () => {
    const copy = rewriteInPlace(bytes, placed, new Map([['a', [7, 8]]]), 'sample');
    assert.deepEqual([...new Float32Array(copy.buffer)], [0, 7, 8, 3]);
    assert.deepEqual([...new Float32Array(bytes.buffer)], [0, 1, 2, 3]);
  });

  it('refuses unknown names, and changes of what another tensor shares', () => {
    assert.throws(() => rewriteInPlace(bytes, placed, new Map([['c', []]]), 'sample'), /no tensor "c"/);
    const shared = new Map([...placed, ['c', view(8, 2)] as const]);
    assert.throws(() => rewriteInPlace(bytes, shared, new Map([['b', [9]]]), 'sample'), /"c" shares elements/);
  });
});

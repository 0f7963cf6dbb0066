import assert from 'node:assert/strict';
import { unreadReason } from '../../../server/src/checkpoint/unreadReason';

describe('unreadReason', () => {
  it('says what comes of bytes before an archive', () => {
    const something = Buffer.of(1);
    assert.match(unreadReason(something, 'prefixed-zip'), /before the zip archive/);
  });

  it('recognises what people mistake for a model', () => {
    const starts: readonly (readonly [number[], RegExp])[] = [
      [[], /empty/],
      [[0x37, 0x7a, 0xbc, 0xaf, 0x27], /7-Zip/],
      [[0x89, 0x48, 0x44, 0x46, 0x0d], /HDF5/],
      [[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], /NumPy/],
      [[0x80, 4], /plain pickle/],
      [[1, 2, 3], /neither/],
    ];
    for (const [bytes, reason] of starts) assert.match(unreadReason(Buffer.from(bytes), 'other'), reason);
  });
});

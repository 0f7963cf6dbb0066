import assert from 'node:assert/strict';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
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
      [[0x1f, 0x8b, 8], /gzip/],
      [[0x42, 0x5a, 0x68, 0x39], /bzip2/],
      [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], /xz/],
      [[0x28, 0xb5, 0x2f, 0xfd], /Zstandard/],
      [[0x89, 0x48, 0x44, 0x46, 0x0a, 0x1a, 0x0a], /HDF5.*transferred as text/],
      [[0x80, 9], /protocol that is not known/],
      [[1, 2, 3], /neither/],
    ];
    for (const [bytes, reason] of starts) {
      assert.match(unreadReason(Buffer.from(bytes), 'other'), reason);
      // Nothing is said here that a reader for the file would contradict.
      assert.throws(() => readCheckpoint(Uint8Array.from(bytes), 'f'), reason);
    }
  });
});

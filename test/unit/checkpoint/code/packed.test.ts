import assert from 'node:assert/strict';
import { deflateSync, gzipSync } from 'node:zlib';
import { closedTitle, inflate, inflatedAs } from '../../../../server/src/checkpoint/code/packed';
import { limits } from '../../../../server/src/checkpoint/limits';

const budget = () => ({ left: limits.inflatedTotal });

describe('inflate', () => {
  it('unpacks gzip and zlib, and takes it from the budget', () => {
    const data = Buffer.from('numbers '.repeat(1000));
    for (const [packed, as] of [
      [gzipSync(data), 'gzip'],
      [deflateSync(data), 'zlib'],
    ] as const) {
      const left = budget();
      assert.equal(inflatedAs(packed), as);
      assert.deepEqual(inflate(packed, as, left), data);
      assert.equal(left.left, limits.inflatedTotal - data.length);
    }
  });

  it('refuses bombs and what is no such stream', () => {
    const bomb = gzipSync(Buffer.alloc(64 << 20));
    assert.equal(inflate(bomb, 'gzip', budget()), 'large');
    assert.equal(inflate(gzipSync('text'), 'gzip', { left: 0 }), 'large');
    assert.equal(inflate(Buffer.from('x\x9c but no stream at all'), 'zlib', budget()), 'damaged');
    assert.equal(inflate(gzipSync(Buffer.alloc(5000, 'ab')).subarray(0, 30), 'gzip', budget()), 'damaged');
  });
});

describe('closedTitle', () => {
  it('names archives that are not unpacked', () => {
    assert.equal(closedTitle(Buffer.from('377abcaf271c', 'hex')), '7-Zip archive');
    assert.equal(closedTitle(Buffer.from('fd377a585a00', 'hex')), 'file compressed with xz');
    assert.equal(closedTitle(Buffer.from('PK\x03\x04')), undefined);
  });
});

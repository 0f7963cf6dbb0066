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
  });

  it('gives what loaders read before they come to a damaged end, and what stands in streams behind one another', () => {
    const data = Buffer.alloc(5000, 'ab');
    const flipped = (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from('?')]);
    for (const [packed, as] of [
      [gzipSync(data), 'gzip'],
      [deflateSync(data), 'zlib'],
    ] as const) {
      assert.deepEqual(inflate(flipped(packed), as, budget()), data);
      assert.deepEqual(inflate(packed.subarray(0, -4), as, budget()), data);
      assert.deepEqual(inflate(Buffer.concat([packed, packed]), as, budget()), Buffer.concat([data, data]));
      assert.deepEqual(inflate(Buffer.concat([packed, Buffer.from('tail')]), as, budget()), data);
    }
  });
});

describe('closedTitle', () => {
  it('names archives that are not unpacked', () => {
    assert.equal(closedTitle(Buffer.from('377abcaf271c', 'hex')), '7-Zip archive');
    assert.equal(closedTitle(Buffer.from('fd377a585a00', 'hex')), 'file compressed with xz');
    assert.equal(closedTitle(Buffer.from('PK\x03\x04')), undefined);
  });

  it('tells them from numbers that begin alike', () => {
    assert.match(closedTitle(Buffer.from('425a68393141592653590000', 'hex')) ?? '', /bzip2/);
    assert.match(closedTitle(Buffer.from('5d00008000ffffffffffffffff00', 'hex')) ?? '', /LZMA/);
    assert.match(closedTitle(Buffer.from('1f9d9000', 'hex')) ?? '', /compress$/);
    assert.match(closedTitle(Buffer.from(`4d5a${'00'.repeat(58)}80000000`, 'hex')) ?? '', /Windows/);
    // The whole numbers 93 and 94 in 64 bits, and others that begin alike.
    assert.equal(closedTitle(Buffer.from('5d000000000000005e00000000000000', 'hex')), undefined);
    for (const start of ['425a6801', '1f9dff00', `4d5a${'3f'.repeat(62)}`, '4d5a000000000000'.repeat(8)]) {
      assert.equal(closedTitle(Buffer.from(start, 'hex')), undefined);
    }
  });
});

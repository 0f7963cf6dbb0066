import assert from 'node:assert/strict';
import { chunkCount, chunksOf } from '../../../../server/src/checkpoint/hdf5/chunkIndex';
import { Hdf5Fault } from '../../../../server/src/checkpoint/hdf5/fault';
import { Hdf5File } from '../../../../server/src/checkpoint/hdf5/file';

const layout = { kind: 'chunked', index: 'b-tree', address: 0, chunk: [4], elementSize: 2 } as const;
const size = 8;

/** A tree of one node at byte 0 that lists chunks at byte 0, in a file of a kilobyte. */
function tree(level: number, ...origins: readonly number[]): Hdf5File {
  const bytes = Buffer.alloc(1024);
  bytes.write('TREE');
  bytes[4] = 1;
  bytes[5] = level;
  bytes.writeUInt16LE(origins.length, 6);
  bytes.fill(0xff, 8, 24);
  for (const [i, origin] of origins.entries()) {
    const at = 24 + 32 * i;
    bytes.writeUInt32LE(size, at);
    bytes.writeBigUInt64LE(BigInt(origin), at + 8);
  }
  return new Hdf5File(bytes, { offsets: 8, lengths: 8 });
}

describe('chunksOf', () => {
  it('lists the chunks of a tree', () => {
    assert.deepEqual(
      chunksOf(tree(0, 0, 4, 8), layout, [10], false),
      [0, 4, 8].map((origin, i) => ({ address: 0, size, mask: 0, origin: [origin], key: 24 + 32 * i })),
    );
  });

  it('leaves out chunks of elements that were taken off', () => {
    assert.equal(chunksOf(tree(0, 0, 4, 8), layout, [3], false).length, 1);
  });

  it('lists none where nothing was written', () => {
    assert.deepEqual(chunksOf(tree(0), { ...layout, address: undefined }, [10], false), []);
  });

  const faults: readonly (readonly [string, Hdf5File, RegExp])[] = [
    ['a chunk that is listed twice', tree(0, 0, 0), /more than once/],
    ['a chunk out of its place', tree(0, 3), /out of place/],
    ['a tree that holds itself', tree(1, 0), /deeper than is read/],
    [
      'a tree of something else',
      new Hdf5File(Buffer.from('SNOD'.padEnd(99, '\0')), { offsets: 8, lengths: 8 }),
      /TREE/,
    ],
  ];
  for (const [name, file, reason] of faults) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => chunksOf(file, layout, [4], false),
        (error) => error instanceof Hdf5Fault && reason.test(error.reason),
      );
    });
  }

  it('counts the chunks that cover a shape', () => {
    assert.equal(chunkCount([10, 3], [4, 3]), 3);
    assert.equal(chunkCount([0, 3], [4, 3]), 0);
  });
});

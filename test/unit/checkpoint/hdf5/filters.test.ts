import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { Hdf5Fault } from '../../../../server/src/checkpoint/hdf5/fault';
import { filtered, filterProblem, unfiltered } from '../../../../server/src/checkpoint/hdf5/filters';

const deflate = { id: 1, parameters: [4] };
const shuffle = { id: 2, parameters: [2] };
const fletcher32 = { id: 3, parameters: [] };

describe('filters', () => {
  it('undoes a pipeline from its end', () => {
    // Elements 1 2, 3 4, 5 6: shuffled to 1 3 5 2 4 6.
    const packed = Buffer.concat([deflateSync(Buffer.of(1, 3, 5, 2, 4, 6)), Buffer.alloc(4)]);
    assert.deepEqual([...unfiltered(packed, [shuffle, deflate, fletcher32], 0, 6, 0)], [1, 2, 3, 4, 5, 6]);
  });

  it('applies a pipeline as HDF5 does', () => {
    // What h5py wrote.
    for (const [bytes, filters, stored] of [
      [[250, 251, 252, 253, 254], [fletcher32], [250, 251, 252, 253, 254, 250, 245, 240, 232]],
      [[0, 0], [fletcher32], [0, 0, 0, 0, 0, 0]],
      [
        [2, 1, 0, 0, 255, 255, 0, 0, 7, 0, 0, 0],
        [{ ...shuffle, parameters: [4] }, fletcher32],
        [2, 255, 7, 1, 255, 0, 0, 0, 0, 0, 0, 0, 1, 9, 3, 49],
      ],
    ] as const) {
      assert.deepEqual([...filtered(Uint8Array.from(bytes), filters, 0)], [...stored]);
    }
    const bytes = Uint8Array.from({ length: 1001 }, (_, i) => (i * i) >> 3);
    const all = [shuffle, deflate, fletcher32];
    for (const mask of [0, 0b10, 0b111]) {
      assert.deepEqual(unfiltered(filtered(bytes, all, mask), all, mask, bytes.length, 0), bytes);
    }
    assert.equal(filtered(bytes, all, 0b111), bytes);
  });

  it('leaves out what a chunk skipped', () => {
    assert.deepEqual([...unfiltered(Buffer.of(1, 3, 2, 4), [shuffle, deflate], 0b10, 4, 0)], [1, 2, 3, 4]);
  });

  it('refuses chunks of another size, damaged or not', () => {
    const bomb = deflateSync(Buffer.alloc(1 << 20));
    for (const [bytes, filters] of [
      [Buffer.of(1, 2), []],
      [Buffer.of(1, 2), [deflate]],
      [bomb, [deflate]],
      [new Uint8Array(), [fletcher32]],
    ] as const) {
      assert.throws(() => unfiltered(bytes, filters, 0, 6, 8), Hdf5Fault);
    }
  });

  it('says which filters are not read', () => {
    assert.equal(filterProblem([shuffle, deflate]), undefined);
    assert.match(filterProblem([{ id: 32000, parameters: [] }]) ?? '', /lzf/);
    assert.match(filterProblem([{ id: 777, parameters: [] }]) ?? '', /filter 777/);
  });
});

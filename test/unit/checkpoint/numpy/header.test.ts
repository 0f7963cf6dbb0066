import assert from 'node:assert/strict';
import { NpyFault, readNpyHeader } from '../../../../server/src/checkpoint/numpy/header';

/** An npy file of version 1 with this header and `data` bytes behind it. */
function npy(header: string, data = 0): Uint8Array {
  const text = Buffer.from(header);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), Buffer.of(text.length & 0xff, text.length >> 8), text, Buffer.alloc(data)]); // prettier-ignore
}

describe('readNpyHeader', () => {
  it('gives the elements as a view of the file', () => {
    const header = "{'descr': '>f4', 'fortran_order': True, 'shape': (2, 3)}";
    assert.deepEqual(readNpyHeader(npy(header, 24)), {
      shape: [2, 3],
      dataStart: 10 + header.length,
      isPickled: false,
      view: { dtype: 'float32', littleEndian: false, shape: [2, 3], stride: [1, 2], byteOffset: 10 + header.length },
    });
  });

  it('tells where a pickle follows', () => {
    for (const descr of [
      "'|O'",
      "[('a', '<f4'), ('b', '|O')]",
      "[('a', [('b', 'O')])]",
      "('|O', (2,))",
      "[('a', ('O', (2,)))]",
    ]) {
      assert.ok(readNpyHeader(npy(`{'descr': ${descr}, 'fortran_order': False, 'shape': (1,)}`)).isPickled, descr);
    }
    assert.ok(!readNpyHeader(npy("{'descr': [('O', '<f4')], 'fortran_order': False, 'shape': ()}")).isPickled);
  });

  const faults: readonly (readonly [Uint8Array, RegExp])[] = [
    [npy('(1, 2)'), /no dict/],
    [npy("{'descr': '<f4'}"), /other keys/],
    [npy("{'descr': '<f4', 'fortran_order': 0, 'shape': ()}"), /neither True nor False/],
    [npy("{'descr': '<f4', 'fortran_order': True, 'shape': 3}"), /no tuple/],
    [npy("{'descr': '<f4', 'fortran_order': True, 'shape': (-1,)}"), /whole numbers/],
    [npy("{'descr': open('x')}"), /no literal/],
    [Buffer.from('\x93NUMPY\x09\x00', 'latin1'), /version 9/],
    [Buffer.from('\x93NUMPY\x01\x00', 'latin1'), /cut off/],
    [Buffer.from('\x93NUMPY\x02\x00\xff\xff\xff\xff', 'latin1'), /longer than is read/],
    [Buffer.from('PK'), /does not start/],
  ];
  for (const [bytes, reason] of faults) {
    it(`refuses what has ${reason.source}`, () => {
      assert.throws(
        () => readNpyHeader(bytes),
        (error) => error instanceof NpyFault && reason.test(error.reason),
      );
    });
  }
});

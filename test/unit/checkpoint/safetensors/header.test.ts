import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CheckpointError } from '../../../../server/src/checkpoint/checkpoint';
import { createSafetensors } from '../../../../server/src/checkpoint/createCheckpoint';
import { looksLikeSafetensors, readHeader } from '../../../../server/src/checkpoint/safetensors/header';

/** A file with this header, and `size` bytes after it. */
function file(header: unknown, size: number): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(size)]);
}

const tensor = (shape: unknown, offsets: unknown, dtype: unknown = 'F32') => ({ dtype, shape, data_offsets: offsets });

describe('safetensors header', () => {
  it('gives tensors in the order of their bytes', () => {
    const { entries, metadata } = readHeader(
      file({ __metadata__: { a: 'b' }, '2': tensor([], [4, 8]), '10': tensor([1], [0, 4]), z: tensor([0], [8, 8]) }, 8),
      'f',
    );
    assert.deepEqual(
      entries.map(({ name }) => name),
      ['10', '2', 'z'],
    );
    assert.deepEqual(metadata, { a: 'b' });
  });

  const refused: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['a file of a few bytes', Buffer.from('abc'), /shorter/],
    ['a length past the file', Buffer.from('\xff\0\0\0\0\0\0\0{}', 'latin1'), /more than the file has/],
    ['a length past all bounds', Buffer.from('\xff\xff\xff\xff\xff\xff\xff\xff{}', 'latin1'), /more than is read/],
    ['no JSON', file('{"a":', 0), /no JSON/],
    ['JSON that is no object', file('[1]', 0), /no JSON object/],
    ['text that is not UTF-8', file('', 0).fill(0xff, 8), /./],
    ['a tensor that is no object', file({ a: 3 }, 0), /"a": it is not described/],
    ['an element type that is no text', file({ a: tensor([1], [0, 1], 8) }, 1), /element type is no text/],
    ['a negative size', file({ a: tensor([-1], [0, 4]) }, 4), /no list of whole numbers/],
    ['a fractional size', file({ a: tensor([0.5], [0, 2]) }, 2), /no list of whole numbers/],
    ['offsets in reverse', file({ a: tensor([1], [4, 0]) }, 4), /no pair of whole numbers in order/],
    ['offsets of another size', file({ a: tensor([2], [0, 4]) }, 4), /span 4 bytes, its shape needs 8/],
    ['three offsets', file({ a: tensor([1], [0, 4, 8]) }, 4), /no pair/],
    ['a hole', file({ a: tensor([1], [0, 4]), b: tensor([1], [8, 12]) }, 12), /hole or an overlap before tensor "b"/],
    ['an overlap', file({ a: tensor([1], [0, 4]), b: tensor([1], [2, 6]) }, 6), /hole or an overlap/],
    ['a start after the first byte', file({ a: tensor([1], [4, 8]) }, 8), /hole or an overlap before tensor "a"/],
    ['bytes left over', file({ a: tensor([1], [0, 4]) }, 5), /end at byte \d+ of/],
    ['bytes missing', file({ a: tensor([1], [0, 4]) }, 3), /end at byte/],
    [
      'a key twice',
      file(
        '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
        2,
      ),
      /hole/,
    ],
    ['metadata that is no text', file({ __metadata__: { a: 1 } }, 0), /metadata "a"/],
    ['metadata that is no object', file({ __metadata__: 'x' }, 0), /metadata is no object/],
  ];
  for (const [name, bytes, reason] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => readHeader(bytes, 'f'),
        (error) => error instanceof CheckpointError && reason.test(error.message),
      );
    });
  }

  it('lists tensors of element types that are not read', () => {
    const b = tensor([1], [1, 5]);
    for (const type of ['F8_E4M3', 'toString']) {
      const { entries, unread } = readHeader(file({ a: tensor([1], [0, 1], type), b }, 5), 'f');
      assert.deepEqual(
        entries.map(({ name }) => name),
        ['b'],
      );
      assert.deepEqual([...unread], [['a', `its element type ${JSON.stringify(type)} is not read`]]);
    }
  });

  it('is recognised by its first bytes', () => {
    assert.equal(looksLikeSafetensors(file({}, 0)), true);
    assert.equal(looksLikeSafetensors(Buffer.from('12345678')), false);
    assert.equal(looksLikeSafetensors(Buffer.from('\xff\xff\xff\xff\xff\xff\xff\xff{}', 'latin1')), false);
  });

  it('never throws anything but CheckpointError', () => {
    const original = createSafetensors(
      [
        { name: 'a', dtype: 'float32', shape: [2, 2], values: [1, 2, 3, 4] },
        { name: 'b', dtype: 'bool', shape: [3], values: [0, 1, 0] },
      ],
      { format: 'pt' },
    );
    const edit = fc.tuple(fc.integer({ min: 0, max: original.length - 1 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), fc.integer({ min: 0, max: 20 }), (edits, cut) => {
        const mutated = Uint8Array.from(original);
        for (const [at, value] of edits) mutated[at] = value;
        try {
          readHeader(mutated.subarray(0, mutated.length - cut), 'f');
        } catch (error) {
          assert.ok(error instanceof CheckpointError);
        }
      }),
      { seed: 8, numRuns: 2000 },
    );
  });
});

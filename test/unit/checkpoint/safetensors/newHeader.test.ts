import assert from 'node:assert/strict';
import { readHeader } from '../../../../server/src/checkpoint/safetensors/header';
import { newHeader } from '../../../../server/src/checkpoint/safetensors/newHeader';

describe('newHeader', () => {
  it('puts wide element types first, and says how large the file will be', () => {
    const tensors = [
      { name: 'bytes', dtype: 'uint8', shape: [3] },
      { name: '__proto__', dtype: 'float64', shape: [2] },
      { name: 'halves', dtype: 'float16', shape: [] },
    ] as const;
    const { bytes, ordered, fileSize } = newHeader(tensors, { ключ: 'значение' });
    assert.deepEqual(
      ordered.map(({ name }) => name),
      ['__proto__', 'halves', 'bytes'],
    );
    assert.equal(bytes.length % 8, 0);
    assert.equal(fileSize, bytes.length + 16 + 2 + 3);
    const { entries, metadata } = readHeader(Buffer.concat([bytes, Buffer.alloc(21)]), 'f');
    assert.deepEqual(
      entries.map(({ name, start }) => [name, start - bytes.length]),
      [
        ['__proto__', 0],
        ['halves', 16],
        ['bytes', 18],
      ],
    );
    assert.deepEqual(metadata, { ключ: 'значение' });
  });

  it('refuses names that the format cannot hold', () => {
    const named = (name: string) => [{ name, dtype: 'uint8' as const, shape: [1] }];
    assert.throws(() => newHeader(named('__metadata__'), {}), RangeError);
    assert.throws(() => newHeader(named('a\ud800'), {}), /cannot be written in UTF-8/);
    assert.throws(() => newHeader([], { 'a\udc00': '' }), /cannot be written in UTF-8/);
  });
});

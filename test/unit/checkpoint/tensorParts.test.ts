import assert from 'node:assert/strict';
import { openCheckpoint } from '../../../server/src/checkpoint/openCheckpoint';
import { createSafetensors } from '../../../server/src/checkpoint/createCheckpoint';
import { elementCount, viewedTensor } from '../../../server/src/checkpoint/stridedView';
import { readBlocks, tensorBytes, tensorParts } from '../../../server/src/checkpoint/tensorParts';
import { fixture } from './fixtureFiles';

const joined = (parts: Iterable<Uint8Array>): Buffer => Buffer.concat([...parts]);

describe('tensorParts', () => {
  for (const name of ['dtypes.pt', 'views.pt', 'big-endian.pt', 'deflated.pt', 'parameters.pt']) {
    it(`gives the bytes that safetensors stores, of each tensor in ${name}`, () => {
      for (const tensor of openCheckpoint(fixture(name), name).tensors.values()) {
        const bytes = joined(tensorParts(tensor, name));
        assert.equal(bytes.length, tensorBytes(tensor));
        const file = createSafetensors([{ ...tensor, values: tensor.values() }]);
        const expected = Buffer.from(file.subarray(file.length - bytes.length));
        // Numbers know one NaN only; its bits are kept here.
        const holdsNaN = tensor.values().some(Number.isNaN);
        if (holdsNaN) assert.equal(bytes.length, expected.length);
        else assert.deepEqual(bytes, expected, tensor.name);
      }
    });
  }

  it('gives large tensors in parts, in order and out of order', () => {
    const storage = new Uint8Array(new Float32Array(3_000_000).map((_, i) => i).buffer);
    const view = { dtype: 'float32', byteOffset: 0, littleEndian: true } as const;
    const straight = viewedTensor('a', { ...view, shape: [3000, 1000], stride: [1000, 1] }, storage);
    const turned = viewedTensor('b', { ...view, shape: [1000, 3000], stride: [1, 1000] }, storage);
    assert.ok([...tensorParts(straight, 'f')].length > 1);
    assert.deepEqual(joined(tensorParts(straight, 'f')), Buffer.from(storage));
    const expected = Buffer.from(new Float32Array(turned.values()).buffer);
    assert.ok([...tensorParts(turned, 'f')].length > 1);
    assert.deepEqual(joined(tensorParts(turned, 'f')), expected);
  });

  it('gives nothing of a tensor without elements', () => {
    const view = { dtype: 'int64', shape: [0, 3], stride: [3, 1], byteOffset: 0, littleEndian: true } as const;
    assert.deepEqual([...tensorParts(viewedTensor('a', view, new Uint8Array()), 'f')], []);
  });
});

describe('readBlocks', () => {
  it('gives the same numbers as reading the whole tensor', () => {
    for (const name of ['dtypes.pt', 'views.pt', 'big-endian.pt']) {
      for (const tensor of openCheckpoint(fixture(name), name).tensors.values()) {
        const count = elementCount(tensor.shape);
        const half = Math.floor(count / 2);
        const blocks = [
          { from: half, to: count },
          { from: 0, to: half },
        ];
        const values = tensor.values();
        const expected = [...values.subarray(half), ...values.subarray(0, half)];
        assert.deepEqual([...readBlocks(tensor, blocks, name)], expected, `${name} ${tensor.name}`);
      }
    }
  });
});

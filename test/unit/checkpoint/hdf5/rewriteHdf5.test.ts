import assert from 'node:assert/strict';
import type { Chunk } from '../../../../server/src/checkpoint/hdf5/chunkIndex';
import { readContents } from '../../../../server/src/checkpoint/hdf5/contents';
import { rewriteHdf5 } from '../../../../server/src/checkpoint/hdf5/rewriteHdf5';
import { viewedTensor } from '../../../../server/src/checkpoint/stridedView';
import * as samples from '../formatSamples';

const files = new samples.Samples('hdf5');
const open = (bytes: Uint8Array) => readContents(bytes, { file: 'sample', largeTensors: false }).datasets;
const valuesOf = (bytes: Uint8Array, name: string): number[] => {
  const dataset = open(bytes).get(name);
  assert.ok(dataset, name);
  return [...viewedTensor(name, dataset.view, dataset.storage).values()];
};

describe('rewriteHdf5', () => {
  const written: readonly (readonly [string, string])[] = [
    ['numbers-earliest.h5', 'conv/weight'],
    ['numbers-earliest.h5', 'big'],
    ['numbers-latest.h5', 'half'],
    ['numbers-latest.h5', 'steps'],
    ['chunks-earliest.h5', 'plain'],
    ['chunks-latest.h5', 'plain'],
    ['chunks-latest.h5', 'line'],
    ['early-latest.h5', 'implicit'],
    ['compact-earliest.h5', 'compact'],
  ];
  for (const [file, name] of written) {
    it(`writes "${name}" of ${file} in its place`, () => {
      const bytes = files.bytes(file);
      const values = valuesOf(bytes, name).map((value) => 1 - Math.round(value));
      const copy = rewriteHdf5(bytes, open, new Map([[name, values]]), file);
      assert.equal(copy.length, bytes.length);
      assert.deepEqual(valuesOf(copy, name), values);
      for (const other of open(bytes).keys()) {
        if (other !== name) assert.deepEqual(valuesOf(copy, other), valuesOf(bytes, other), other);
      }
    });
  }

  const refused: readonly (readonly [string, string, RegExp])[] = [
    [
      'chunks-latest.h5',
      'deflated',
      /compressed or have checksums, and so has the list of them: write the model as safetensors/,
    ],
    ['chunks-latest.h5', 'single', /compressed/],
    ['early-latest.h5', 'compact', /in a header with a checksum/],
    ['chunks-earliest.h5', 'partly', /not all of it was ever written/],
    ['chunks-earliest.h5', 'unwritten', /never written/],
  ];
  for (const [file, name, reason] of refused) {
    it(`says why it cannot write "${name}" of ${file}`, () => {
      const bytes = files.bytes(file);
      const replacements = new Map([[name, valuesOf(bytes, name)]]);
      assert.throws(() => rewriteHdf5(bytes, open, replacements, file), reason);
    });
  }

  describe('of chunks that are compressed or have checksums', () => {
    const file = 'chunks-earliest.h5';
    const ones = Array.from({ length: 20 }, () => 1);
    const noise = ones.map((_, i) => Math.fround(Math.sin(i * i)));
    const write = (bytes: Uint8Array, name: string, values: number[]): Uint8Array =>
      rewriteHdf5(bytes, open, new Map([[name, values]]), file);
    const chunksOf = (bytes: Uint8Array, name: string): readonly Chunk[] =>
      open(bytes).get(name)?.filtered?.chunks() ?? assert.fail(name);

    it('makes them anew in their place, or behind the end where they no longer fit', () => {
      const bytes = files.bytes(file);
      for (const name of ['deflated', 'single']) {
        const even = write(bytes, name, ones);
        assert.equal(even.length, bytes.length, 'less takes no more room');
        assert.deepEqual(valuesOf(even, name), ones);
        const long = write(even, name, noise);
        assert.ok(long.length > even.length);
        assert.deepEqual(valuesOf(long, name), noise);
        const end = new DataView(long.buffer).getBigUint64(40, true);
        assert.equal(end, BigInt(long.length), 'the superblock says so');
        for (const other of open(bytes).keys()) {
          if (other !== name) assert.deepEqual(valuesOf(long, other), valuesOf(bytes, other), other);
        }
      }
      const values = new Map(['deflated', 'single', 'plain'].map((name) => [name, noise]));
      const together = rewriteHdf5(write(write(bytes, 'single', ones), 'deflated', ones), open, values, file);
      for (const name of values.keys()) assert.deepEqual(valuesOf(together, name), noise, name);
    });

    it('refuses numbers that do not fit, and chunks that are damaged or not there', () => {
      const bytes = files.bytes(file);
      assert.throws(() => write(bytes, 'deflated', [1]), /1 values replace 20/);
      assert.throws(() => write(bytes, 'deflated', [...noise.slice(1), 1e300]), /1e\+300 does not fit into float32/);
      const [{ address, key = 0 }] = chunksOf(bytes, 'single');
      const gone = Uint8Array.from(bytes);
      new DataView(gone.buffer).setUint16(key - 24 + 6, 0, true);
      assert.throws(() => write(gone, 'single', noise), /not all of it was ever written/);
      assert.throws(() => write(bytes.fill(0xff, address, address + 9), 'single', noise), /a chunk is damaged/);
    });

    it('refuses a file whose chunks lie where others do', () => {
      const bytes = files.bytes(file);
      const [first, second] = chunksOf(bytes, 'deflated');
      const entry = bytes.slice(first.key, (first.key ?? 0) + 8);
      bytes.set(entry, second.key);
      // Behind size, mask and an origin of two sizes, with that of an element.
      new DataView(bytes.buffer).setBigUint64((second.key ?? 0) + 32, BigInt(first.address), true);
      assert.throws(() => write(bytes, 'deflated', noise), /shares bytes with something else/);
    });
  });

  it('refuses numbers that do not fit', () => {
    const bytes = files.bytes('numbers-latest.h5');
    const rewrite = (name: string, values: number[]) => () =>
      rewriteHdf5(bytes, open, new Map([[name, values]]), 'sample');
    assert.throws(rewrite('steps', [1, 2]), /2 values replace 1/);
    assert.throws(rewrite('bytes', [0, 0, 0, 256]), /256 does not fit into uint8/);
    assert.throws(rewrite('nothing', []), /no tensor "nothing"/);
  });
});

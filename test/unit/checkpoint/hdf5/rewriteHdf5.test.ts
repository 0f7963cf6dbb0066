import assert from 'node:assert/strict';
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
      const copy = rewriteHdf5(bytes, open(bytes), new Map([[name, values]]), file);
      assert.equal(copy.length, bytes.length);
      assert.deepEqual(valuesOf(copy, name), values);
      for (const other of open(bytes).keys()) {
        if (other !== name) assert.deepEqual(valuesOf(copy, other), valuesOf(bytes, other), other);
      }
    });
  }

  const refused: readonly (readonly [string, string, RegExp])[] = [
    [
      'chunks-earliest.h5',
      'deflated',
      /as its elements are compressed or have checksums: write the model as safetensors/,
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
      assert.throws(() => rewriteHdf5(bytes, open(bytes), replacements, file), reason);
    });
  }

  it('refuses numbers that do not fit', () => {
    const bytes = files.bytes('numbers-latest.h5');
    const rewrite = (name: string, values: number[]) => () =>
      rewriteHdf5(bytes, open(bytes), new Map([[name, values]]), 'sample');
    assert.throws(rewrite('steps', [1, 2]), /2 values replace 1/);
    assert.throws(rewrite('bytes', [0, 0, 0, 256]), /256 does not fit into uint8/);
    assert.throws(rewrite('nothing', []), /no tensor "nothing"/);
  });
});

import assert from 'node:assert/strict';
import { readContents } from '../../../../server/src/checkpoint/hdf5/contents';
import { kerasHdf5 } from '../../../../server/src/checkpoint/keras/kerasHdf5';
import * as samples from '../formatSamples';

const files = new samples.Samples('hdf5');
const options = { file: 'sample', largeTensors: false };

describe('readContents', () => {
  for (const [name, expected] of Object.entries(files.expected)) {
    it(`reads ${name} as h5py does`, () => {
      samples.assertHolds(samples.openAs(kerasHdf5, files.bytes(name)), expected);
    });
  }

  for (const name of ['attributes-earliest.h5', 'attributes-latest.h5']) {
    it(`reads the texts in the attributes of ${name}`, () => {
      const contents = readContents(files.bytes(name), options);
      assert.deepEqual(
        [...contents.attributes('')].sort(([a], [b]) => (a < b ? -1 : 1)),
        [
          ['fixed', ['abc']],
          ['long', ['x'.repeat(3000)]],
          ['names', ['conv', 'dense_1']],
          ['words', ['one', 'two']],
        ],
      );
      assert.deepEqual([...contents.attributes('inner')], [['empty', ['']]]);
      assert.equal(contents.attributes('missing').size, 0);
    });
  }

  it('reads attributes that have a heap of their own', () => {
    const attributes = readContents(files.bytes('many-latest.h5'), options).attributes('');
    assert.equal(attributes.size, 20);
    assert.deepEqual(attributes.get('note_13'), ['text 13']);
  });

  it('stands damage', () => {
    for (const [name, step] of [
      ['numbers-earliest.h5', 47],
      ['numbers-latest.h5', 47],
      ['chunks-latest.h5', 47],
      ['many-latest.h5', 401],
      ['early-latest.h5', 997],
      ['unread.h5', 211],
    ] as const) {
      samples.assertStandsDamage(kerasHdf5, files.bytes(name), step);
    }
  });

  it('refuses a user block, and versions that do not exist', () => {
    const bytes = files.bytes('numbers-earliest.h5');
    const moved = Uint8Array.from(bytes);
    moved[24] = 64;
    assert.throws(() => readContents(moved, options), /user block/);
    const newer = Uint8Array.from(bytes);
    newer[8] = 9;
    assert.throws(() => readContents(newer, options), /version 9 of the superblock is not read/);
  });
});

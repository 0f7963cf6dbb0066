import assert from 'node:assert/strict';
import { kerasHdf5 } from '../../../../server/src/checkpoint/keras/kerasHdf5';
import * as samples from '../formatSamples';

const files = new samples.Samples('keras');
const names = Object.keys(files.expected).filter((name) => name.endsWith('.h5'));

describe('kerasHdf5', () => {
  for (const name of names) {
    it(`reads ${name} as Keras does`, () => {
      assert.ok(samples.isRecognised(kerasHdf5, files.bytes(name)));
      samples.assertHolds(samples.openAs(kerasHdf5, files.bytes(name)), files.expected[name]);
    });

    it(`writes other numbers into ${name}, and nothing else`, () => {
      const bytes = files.bytes(name);
      const { before, written, after } = samples.assertRewrites(kerasHdf5, bytes);
      assert.deepEqual(after.metadata, before.metadata);
      const back = samples.rewriteAs(kerasHdf5, written, samples.negated(after)).bytes;
      assert.deepEqual(Buffer.from(back), Buffer.from(bytes));
    });
  }

  it('tells which model the weights are of', () => {
    for (const name of ['keras2.h5', 'keras3.h5']) {
      const { metadata } = samples.openAs(kerasHdf5, files.bytes(name));
      const config = JSON.parse(metadata.model_config) as { class_name: string };
      assert.equal(config.class_name, 'Functional');
      assert.equal(metadata.backend, 'tensorflow');
    }
  });

  it('stands damage', () => {
    for (const name of ['keras2.h5', 'keras3.weights.h5']) {
      samples.assertStandsDamage(kerasHdf5, files.bytes(name), 61);
    }
  });
});

import assert from 'node:assert/strict';
import { keras } from '../../../../server/src/checkpoint/keras/keras';
import { readZip } from '../../../../server/src/checkpoint/zip/readZip';
import * as samples from '../formatSamples';
import { rawZip } from '../zipAssembler';

const files = new samples.Samples('keras');
const model = files.bytes('model.keras');
const entry = (name: string) => readZip(model, 'model').entries.find((one) => one.name === name)?.data ?? '';

describe('keras', () => {
  it('reads model.keras as Keras does', () => {
    assert.ok(samples.isRecognised(keras, model));
    const checkpoint = samples.openAs(keras, model);
    samples.assertHolds(checkpoint, files.expected['model.keras']);
    assert.deepEqual(checkpoint.anomalies, []);
    assert.match(checkpoint.metadata['config.json'], /"class_name": "Lambda"/);
    assert.match(checkpoint.metadata['metadata.json'], /keras_version/);
  });

  it('writes other numbers, and nothing else', () => {
    const { before, written, after } = samples.assertRewrites(keras, model);
    assert.deepEqual([after.anomalies, after.metadata], [[], before.metadata]);
    const back = samples.rewriteAs(keras, written, samples.negated(after)).bytes;
    assert.deepEqual(Buffer.from(back), Buffer.from(model));
  });

  it('takes no sides where there are two files of weights', () => {
    const weights = { name: 'model.weights.h5', data: entry('model.weights.h5') };
    const zip = rawZip([{ name: 'config.json', data: entry('config.json') }, weights, weights]);
    assert.throws(() => samples.openAs(keras, zip), /model\.weights\.h5.*two entries of this name/);
  });

  it('says where the weights are damaged', () => {
    const zip = rawZip([
      { name: 'config.json', data: '{}' },
      { name: 'model.weights.h5', data: entry('model.weights.h5').slice(0, 900) },
    ]);
    assert.throws(() => samples.openAs(keras, zip), /model\.weights\.h5.*: the HDF5 file is damaged/);
  });

  it('leaves other archives alone', () => {
    assert.ok(!samples.isRecognised(keras, rawZip([{ name: 'config.json', data: '{}' }])));
  });

  it('stands damage', () => samples.assertStandsDamage(keras, model, 97));
});

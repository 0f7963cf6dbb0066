import assert from 'node:assert/strict';
import { pickle } from '../../../../server/src/checkpoint/numpy/pickle';
import { inspectCode } from '../../../../server/src/checkpoint/inspectCode';
import { codeSafetyVerdict } from '../../../../server/src/scan/codeSafety';
import * as samples from '../formatSamples';

const files = new samples.Samples('pickled-tensors');

describe('findPickledTensors', () => {
  for (const [name, expected] of Object.entries(files.expected)) {
    it(`reads ${name} as Python does`, () => {
      assert.ok(samples.isRecognised(pickle, files.bytes(name)));
      const checkpoint = samples.openAs(pickle, files.bytes(name));
      samples.assertHolds(checkpoint, expected);
      assert.deepEqual(checkpoint.anomalies, []);
    });
  }

  for (const name of ['state-dict-4.pkl', 'module.pkl', 'wrapped.pkl']) {
    it(`writes other numbers into ${name}, and nothing else`, () => {
      const bytes = files.bytes(name);
      const { before, written, after } = samples.assertRewrites(pickle, bytes);
      const back = samples.rewriteAs(pickle, written, samples.negated(after)).bytes;
      assert.deepEqual(samples.contents(samples.openAs(pickle, back)), samples.contents(before));
      assert.equal(back.length, bytes.length);
    });
  }

  it('says why it cannot write what is written as text', () => {
    const replacements = samples.negated(samples.openAs(pickle, files.bytes('state-dict-2.pkl')));
    assert.throws(() => samples.rewriteAs(pickle, files.bytes('state-dict-2.pkl'), replacements), /protocol 2/);
  });

  it('finds the key of the weights, and what lies beside them', () => {
    const { wrapper, extras } = samples.openAs(pickle, files.bytes('wrapped.pkl'));
    assert.deepEqual([wrapper, extras.plain], ['state_dict', { epoch: '7' }]);
  });

  it('is not called dangerous for loading tensors from byte strings, though that is outside of the known-safe list', () => {
    for (const name of ['state-dict-4.pkl', 'wrapped.pkl']) {
      assert.equal(codeSafetyVerdict(inspectCode(files.bytes(name), name)), 'unknown', name);
    }
  });

  it('stands damage', () => {
    for (const name of ['state-dict-4.pkl', 'module.pkl']) samples.assertStandsDamage(pickle, files.bytes(name), 29);
  });
});

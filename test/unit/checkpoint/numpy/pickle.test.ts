import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { pickle } from '../../../../server/src/checkpoint/numpy/pickle';
import * as samples from '../formatSamples';

const files = new samples.Samples('pickle');

describe('pickle', () => {
  for (const [name, expected] of Object.entries(files.expected)) {
    it(`reads ${name} as Python does`, () => {
      assert.ok(samples.isRecognised(pickle, files.bytes(name)));
      const checkpoint = samples.openAs(pickle, files.bytes(name));
      samples.assertHolds(checkpoint, expected);
      assert.deepEqual(checkpoint.anomalies, []);
    });
  }

  for (const name of ['dict-3.pkl', 'dict-4.pkl', 'dict-5.pkl', 'array.pkl', 'plain.joblib', 'sklearn.joblib']) {
    it(`writes other numbers into ${name}, and nothing else`, () => {
      const bytes = files.bytes(name);
      const { written, after } = samples.assertRewrites(pickle, bytes);
      const back = samples.rewriteAs(pickle, written, samples.negated(after)).bytes;
      assert.deepEqual(Buffer.from(back), Buffer.from(bytes));
    });
  }

  it('compresses again what was compressed', () => {
    const { written } = samples.assertRewrites(pickle, files.bytes('zlib.joblib'));
    assert.equal(written[0], 0x78);
  });

  it('says why it cannot write what is written as text', () => {
    const replacements = new Map([['conv1.bias', [1, 2, 3, 4]]]);
    assert.throws(
      () => samples.rewriteAs(pickle, files.bytes('dict-2.pkl'), replacements),
      /written as text \(protocol 2\): write the model as safetensors/,
    );
  });

  it('says what a pickle without arrays is', () => {
    assert.throws(() => samples.openAs(pickle, Buffer.of(0x80, 4, 0x4e, 0x2e)), /without NumPy arrays/);
  });

  it('inflates no bombs', () => {
    const bomb = deflateSync(Buffer.concat([Buffer.of(0x80, 4), Buffer.alloc(1 << 24)]));
    assert.ok(samples.isRecognised(pickle, bomb));
    assert.throws(() => samples.openAs(pickle, bomb), /inflates to more than is read/);
  });

  it('follows values that hold each other only so far', () => {
    // A list that holds itself: EMPTY_LIST MEMOIZE, itself, APPEND.
    const circle = Buffer.of(0x80, 4, 0x5d, 0x94, 0x68, 0, 0x61, 0x2e);
    const { tensors, unread } = samples.openAs(pickle, circle);
    assert.equal(tensors.size, 0);
    assert.match([...unread.values()].join(), /deeper or more often than is followed/);
  });

  it('stands damage', () => {
    for (const name of ['dict-4.pkl', 'dict-5.pkl', 'plain.joblib', 'zlib.joblib']) {
      samples.assertStandsDamage(pickle, files.bytes(name), 7);
    }
  });
});

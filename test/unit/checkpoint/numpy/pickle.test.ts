import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { pickle } from '../../../../server/src/checkpoint/numpy/pickle';
import { openCheckpoint } from '../../../../server/src/checkpoint/openCheckpoint';
import { readBlocks } from '../../../../server/src/checkpoint/tensorParts';
import { joblibFile, numpyPickle, torchPickle } from '../../../../bench/formats/pickleFiles';
import * as samples from '../formatSamples';
import * as asm from '../pickleAssembler';
import { CountedSource, SparseSource } from '../sampleSource';

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

  it('lists what lies in 10 GB without reading it, and gives the numbers at any place', () => {
    const end = Buffer.from(Float32Array.of(1, 2, 3).buffer);
    for (const [of, makeParts] of Object.entries({ numpyPickle, joblibFile, torchPickle })) {
      // The last of the zeros become other numbers.
      const parts = makeParts(10e9).flatMap((part) => (part === 10e9 ? [10e9 - end.length, end] : [part]));
      const source = new SparseSource(parts);
      const { tensors, unread } = openCheckpoint(source, 'f');
      assert.deepEqual([...tensors.keys(), ...unread.values()], ['weight'], of);
      const tensor = tensors.get('weight');
      assert.ok(tensor);
      assert.deepEqual([tensor.dtype, tensor.shape], ['float32', [2.5e9]]);
      const blocks = [{ from: 2.5e9 - 4, to: 2.5e9 }];
      assert.deepEqual([...readBlocks(tensor, blocks, 'f')], [0, 1, 2, 3], of);
      assert.ok(source.asked < 1 << 18, `${of}: ${source.asked}`);
    }
  });

  it('reads by ranges what it reads in memory, long texts of protocol 2 too', () => {
    const values = Uint8Array.from({ length: 400_000 }, (_, i) => i % 256);
    const text = Buffer.from(Buffer.from(values).toString('latin1'));
    const array = Buffer.concat([
      asm.bytesOf(asm.global('numpy.core.multiarray', '_reconstruct'), '(tR(K\x01', asm.integer(100_000), '\x85'),
      asm.bytesOf('cnumpy\ndtype\nX\x02\0\0\0f4\x89\x88\x87R\x89', asm.global('_codecs', 'encode')),
      asm.bytesOf(asm.op('BINUNICODE', asm.uint(text.length, 4), text), asm.text('latin1'), '\x86Rtb'),
    ]);
    const bytes = asm.bytesOf(asm.proto(2), array, asm.stop);
    const [whole, byRanges] = [bytes, new CountedSource(bytes)].map((source) => openCheckpoint(source, 'f').tensors);
    assert.deepEqual([...whole.keys()], ['array']);
    assert.deepEqual(byRanges.get('array')?.values(), whole.get('array')?.values());
    assert.equal(whole.get('array')?.values()[1], new Float32Array(values.buffer)[1]);
    for (const name of Object.keys(files.expected)) {
      const { tensors } = openCheckpoint(new CountedSource(files.bytes(name)), name);
      assert.deepEqual([...tensors.keys()], [...openCheckpoint(files.bytes(name), name).tensors.keys()]);
    }
  });

  it('says of what is compressed that it cannot be read by ranges where that is too much', () => {
    const source = new SparseSource([files.bytes('zlib.joblib'), 3e9]);
    assert.throws(() => openCheckpoint(source, 'f'), /it is compressed, and larger than is read/);
  });

  it('stands damage', () => {
    for (const name of ['dict-4.pkl', 'dict-5.pkl', 'plain.joblib', 'zlib.joblib']) {
      samples.assertStandsDamage(pickle, files.bytes(name), 7);
    }
  });
});

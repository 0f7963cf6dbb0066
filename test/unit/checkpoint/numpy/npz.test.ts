import assert from 'node:assert/strict';
import { npz } from '../../../../server/src/checkpoint/numpy/npz';
import { readZip } from '../../../../server/src/checkpoint/zip/readZip';
import * as samples from '../formatSamples';
import { rawZip } from '../zipAssembler';

const numpy = new samples.Samples('numpy');
const names = Object.keys(numpy.expected).filter((name) => name.endsWith('.npz'));

describe('npz', () => {
  for (const name of names) {
    it(`reads ${name} as NumPy does`, () => {
      assert.ok(samples.isRecognised(npz, numpy.bytes(name)));
      const checkpoint = samples.openAs(npz, numpy.bytes(name));
      samples.assertHolds(checkpoint, numpy.expected[name]);
      assert.deepEqual(checkpoint.anomalies, []);
    });

    it(`writes other numbers into ${name}`, () => {
      const { before, after } = samples.assertRewrites(npz, numpy.bytes(name));
      assert.deepEqual(after.anomalies, []);
      assert.deepEqual([...after.unread], [...before.unread]);
    });
  }

  it('keeps every byte where the numbers stay', () => {
    const bytes = numpy.bytes('stored.npz');
    const weight = samples.openAs(npz, bytes).tensors.get('conv1.weight')?.values() ?? [];
    const written = samples.rewriteAs(npz, bytes, new Map([['conv1.weight', weight]])).bytes;
    assert.deepEqual(Buffer.from(written), Buffer.from(bytes));
  });

  it('deflates again what was deflated', () => {
    const bytes = numpy.bytes('deflated.npz');
    const written = samples.rewriteAs(npz, bytes, new Map([['conv1.weight', new Float64Array(12)]])).bytes;
    assert.ok(written.length < bytes.length);
    assert.deepEqual(
      readZip(written, 'sample').entries.map(({ name }) => name),
      readZip(bytes, 'sample').entries.map(({ name }) => name),
    );
  });

  it('takes no sides where two arrays have one name', () => {
    const data = numpy.bytes('v1.npy');
    const { tensors, unread } = samples.openAs(
      npz,
      rawZip(['a.npy', 'b.npy', 'a.npy'].map((name) => ({ name, data }))),
    );
    assert.deepEqual([...tensors.keys()], ['b']);
    assert.match(unread.get('a') ?? '', /two arrays of this name/);
  });

  it('leaves other archives alone', () => {
    assert.ok(!samples.isRecognised(npz, rawZip([{ name: 'a/data.pkl', data: 'N.' }])));
    assert.ok(!samples.isRecognised(npz, rawZip([])));
  });

  it('stands damage', () => {
    for (const name of names) samples.assertStandsDamage(npz, numpy.bytes(name), 3);
  });
});

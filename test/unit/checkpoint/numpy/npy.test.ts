import assert from 'node:assert/strict';
import { npy } from '../../../../server/src/checkpoint/numpy/npy';
import * as samples from '../formatSamples';

const numpy = new samples.Samples('numpy');
const names = Object.keys(numpy.expected).filter((name) => name.endsWith('.npy'));

describe('npy', () => {
  for (const name of names) {
    it(`reads ${name} as NumPy does`, () => {
      assert.ok(samples.isRecognised(npy, numpy.bytes(name)));
      samples.assertHolds(samples.openAs(npy, numpy.bytes(name)), numpy.expected[name]);
    });
  }

  for (const name of ['v1.npy', 'v2.npy', 'fortran.npy', 'big-endian.npy', 'half.npy', 'scalar.npy']) {
    it(`writes other numbers into ${name} and keeps the rest`, () => {
      const bytes = numpy.bytes(name);
      const before = samples.openAs(npy, bytes);
      const replacements = samples.negated(before);
      const { bytes: written, beside } = samples.rewriteAs(npy, bytes, replacements);
      assert.deepEqual(samples.contents(samples.openAs(npy, written)), samples.contents(before, replacements));
      assert.equal(beside.size, 0);
      const back = samples.rewriteAs(npy, written, new Map([['array', before.tensors.get('array')?.values() ?? []]]));
      assert.deepEqual(Buffer.from(back.bytes), Buffer.from(bytes));
    });
  }

  it('stands damage at every byte', () => {
    for (const name of ['v1.npy', 'v2.npy', 'record.npy', 'objects.npy']) {
      samples.assertStandsDamage(npy, numpy.bytes(name));
    }
  });

  it('refuses a shape that the file has no bytes for', () => {
    const bytes = Buffer.from(numpy.bytes('v1.npy'));
    bytes.write('(999999999, 4), }', bytes.indexOf('(3, 4)'));
    const { unread, tensors } = samples.openAs(npy, bytes);
    assert.equal(tensors.size, 0);
    assert.match(unread.get('array') ?? '', /elements, more than are read/);
  });
});

import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import { readZip } from '../../../../server/src/checkpoint/zip/readZip';
import { replaceEntries } from '../../../../server/src/checkpoint/zip/replaceEntries';
import { writeZip } from '../../../../server/src/checkpoint/zip/writeZip';
import { Samples } from '../formatSamples';
import { rawZip } from '../zipAssembler';

const text = (content: string) => new TextEncoder().encode(content);
const contentsOf = (bytes: Uint8Array) =>
  readZip(bytes, 'sample').entries.map(({ name, data }) => [name, Buffer.from(data).toString('latin1')]);

describe('replaceEntries', () => {
  const archive = writeZip([
    { name: 'a', data: text('first') },
    { name: 'b', data: text('second') },
    { name: 'c', data: text('third') },
  ]);

  for (const content of ['', 'x', 'as long', 'rather longer than it was']) {
    it(`puts ${content.length} bytes in place of an entry`, () => {
      const copy = replaceEntries(archive, new Map([['b', text(content)]]), 'sample');
      assert.deepEqual(contentsOf(copy), [
        ['a', 'first'],
        ['b', content],
        ['c', 'third'],
      ]);
      assert.deepEqual(readZip(copy, 'sample').anomalies, []);
    });
  }

  it('keeps every byte where nothing changes', () => {
    const same = new Map([
      ['a', text('first')],
      ['c', text('third')],
    ]);
    assert.deepEqual(Buffer.from(replaceEntries(archive, same, 'sample')), Buffer.from(archive));
    assert.deepEqual(Buffer.from(replaceEntries(archive, new Map(), 'sample')), Buffer.from(archive));
  });

  it('takes off data descriptors of entries whose sizes it writes', () => {
    const streamed = new Samples('numpy').bytes('streamed.npz');
    const name = 'conv1.weight.npy';
    const descriptors = (bytes: Uint8Array) =>
      readZip(bytes, 'sample').entries.filter(({ hasDescriptor }) => hasDescriptor).length;
    const copy = replaceEntries(streamed, new Map([[name, text('other')]]), 'sample');
    assert.deepEqual(readZip(copy, 'sample').anomalies, []);
    assert.equal(contentsOf(copy).find(([one]) => one === name)?.[1], 'other');
    assert.equal(descriptors(copy), descriptors(streamed) - 1);
  });

  it('refuses names that are not there, or there twice', () => {
    const twice = rawZip([
      { name: 'a', data: 'x' },
      { name: 'a', data: 'y' },
    ]);
    assert.throws(() => replaceEntries(archive, new Map([['z', text('')]]), 'sample'), /0 entries of this name/);
    assert.throws(() => replaceEntries(twice, new Map([['a', text('')]]), 'sample'), /2 entries of this name/);
  });

  it('refuses what it cannot pack', () => {
    const encrypted = rawZip([{ name: 'a', data: 'x', flags: 1 }]);
    assert.throws(() => replaceEntries(encrypted, new Map([['a', text('')]]), 'sample'), /encrypted/);
    const other = rawZip([{ name: 'a', data: Buffer.from(deflateRawSync('x')).toString('latin1'), method: 12 }]);
    assert.throws(() => replaceEntries(other, new Map([['a', text('')]]), 'sample'), /compression method 12/);
  });
});

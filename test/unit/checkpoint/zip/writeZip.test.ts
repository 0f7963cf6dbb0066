import assert from 'node:assert/strict';
import { readZip } from '../../../../server/src/checkpoint/zip/readZip';
import { writeZip } from '../../../../server/src/checkpoint/zip/writeZip';

const text = (value: string) => new TextEncoder().encode(value);

describe('writeZip', () => {
  const entries = [
    { name: 'a/data.pkl', data: text('x'.repeat(100)) },
    { name: 'a/data/0', data: new Uint8Array(7).fill(1) },
    { name: 'a/\u00fc', data: new Uint8Array() },
    { name: 'a/version', data: text('3\n') },
  ];

  it('keeps names, order and bytes, without anomalies', () => {
    const { entries: read, anomalies, unclaimed } = readZip(writeZip(entries), 'f');
    assert.deepEqual(
      read.map(({ name, data }) => ({ name, data: Uint8Array.from(data) })),
      entries,
    );
    assert.deepEqual(anomalies, []);
    assert.deepEqual(unclaimed, []);
  });

  it('starts the bytes of every entry at a multiple of the alignment', () => {
    for (const alignment of [64, 4096]) {
      const bytes = writeZip(entries, alignment);
      const view = new DataView(bytes.buffer);
      for (const { range } of readZip(bytes, 'f').entries) {
        const dataStart =
          range.start + 30 + view.getUint16(range.start + 26, true) + view.getUint16(range.start + 28, true);
        assert.equal(dataStart % alignment, 0);
      }
    }
  });

  it('gives the same bytes again', () => {
    assert.deepEqual(writeZip(entries), writeZip(entries));
  });

  it('refuses more entries than plain zip can count', () => {
    const many = Array.from({ length: 65_536 }, (_, i) => ({ name: `a/${i}`, data: new Uint8Array() }));
    assert.throws(() => writeZip(many), RangeError);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CheckpointError } from '../../../../server/src/checkpoint/checkpoint';
import { limits } from '../../../../server/src/checkpoint/limits';
import { readZip } from '../../../../server/src/checkpoint/zip/readZip';
import { fixture, fixtureNames } from '../fixtureFiles';
import type { ArchiveOptions, RawEntry } from '../zipAssembler';
import { rawZip } from '../zipAssembler';

const entry: RawEntry = { name: 'a/data.pkl', data: 'some bytes of data' };
const other: RawEntry = { name: 'a/version', data: '3\n' };

function reasons(entries: readonly RawEntry[], options?: ArchiveOptions): string[] {
  return readZip(rawZip(entries, options), 'f').anomalies.map(({ reason }) => reason);
}

describe('readZip', () => {
  it('reads stored and deflated entries in the order of the directory', () => {
    const { entries, anomalies, unclaimed } = readZip(
      rawZip([{ ...entry, deflate: true }, other], { comment: 'hi' }),
      'f',
    );
    assert.deepEqual(
      entries.map(({ name, data }) => [name, Buffer.from(data).toString()]),
      [
        ['a/data.pkl', 'some bytes of data'],
        ['a/version', '3\n'],
      ],
    );
    assert.deepEqual([anomalies, unclaimed], [[], []]);
  });

  it('finds nothing to say about archives of PyTorch and TorchScript', () => {
    for (const name of fixtureNames) {
      const bytes = fixture(name);
      if (bytes[0] !== 0x50) continue;
      assert.deepEqual(readZip(bytes, name).anomalies, [], name);
    }
  });

  describe('reports', () => {
    const cases: readonly (readonly [string, RegExp, readonly RawEntry[], ArchiveOptions?])[] = [
      ['a wrong CRC-32, which PyTorch ignores', /CRC-32 does not match/, [{ ...entry, crc: 1 }]],
      ['a CRC-32 that differs between headers', /CRC-32 differs/, [{ ...entry, localCrc: 1 }]],
      ['a name that differs between headers', /local header names it "b"/, [{ ...entry, localName: 'b' }]],
      ['an encryption flag in the local header', /marked as encrypted/, [{ ...entry, localFlags: 1 }]],
      ['an encryption flag in the directory', /it is encrypted/, [{ ...entry, flags: 1 }]],
      ['a method that differs between headers', /method differs/, [{ ...entry, localMethod: 8 }]],
      ['a size that differs between headers', /size differs/, [{ ...entry, localSize: 3 }]],
      ['a method that nobody uses', /method 97 is not read/, [{ ...entry, method: 97 }]],
      ['a stored size that is not the size', /stored size/, [{ ...entry, size: 5 }]],
      ['a deflated size that is too small', /damaged or has another size/, [{ ...entry, deflate: true, size: 5 }]],
      ['a deflated size that is too large', /damaged or has another size/, [{ ...entry, deflate: true, size: 500 }]],
      ['damaged deflated data', /damaged or has another size/, [{ ...entry, method: 8 }]],
      ['two entries of one name', /two entries have this name/, [entry, other, entry]],
      ['names that differ in case alone', /two entries have this name/, [entry, { ...entry, name: 'a/DATA.pkl' }]],
      ['an absolute name', /absolute/, [{ ...entry, name: '/etc/passwd' }]],
      ['a name with a drive', /absolute/, [{ ...entry, name: 'C:\\x' }]],
      ['a name that climbs', /climbs/, [{ ...entry, name: 'a/../../x' }]],
      ['a name with a null character', /control characters/, [{ ...entry, name: 'a/data.pkl\0.txt' }]],
      ['bytes before the archive', /4 bytes before the archive/, [entry], { prefix: 'junk' }],
      ['bytes after the archive', /4 bytes after the archive/, [entry], { suffix: 'junk' }],
      ['bytes between entries', /4 bytes between entries/, [entry, other], { between: 'junk' }],
      ['an entry without local header', /local header is missing/, [entry, { ...other, headerOffset: 5 }]],
      [
        'entries that share bytes',
        /overlap/,
        [entry, { ...entry, name: 'a/b', localName: 'a/data.pkl', headerOffset: 0 }],
      ],
    ];
    for (const [name, reason, entries, options] of cases) {
      it(name, () => {
        assert.ok(
          reasons(entries, options).some((text) => reason.test(text)),
          `${reason.source} among ${JSON.stringify(reasons(entries, options))}`,
        );
      });
    }

    it('a second directory that another reader would take', () => {
      // Python's zipfile reads the second archive of two, PyTorch's reader the first.
      const both = Buffer.concat([rawZip([entry]), rawZip([{ ...entry, name: 'a/evil.pkl' }])]);
      const { entries, anomalies, unclaimed } = readZip(both, 'f');
      assert.deepEqual(
        entries.map(({ name }) => name),
        ['a/data.pkl'],
      );
      assert.ok(anomalies.some(({ reason }) => /second end record/.test(reason)));
      assert.ok(unclaimed.length > 0);
    });

    it('a directory that is not where the end record says', () => {
      const bytes = Buffer.from(rawZip([entry, other]));
      const end = bytes.length - 22;
      bytes.writeUInt32LE(bytes.readUInt32LE(end + 12) - 55, end + 12);
      bytes.writeUInt16LE(1, end + 10);
      assert.ok(readZip(bytes, 'f').anomalies.some(({ reason }) => /readers disagree/.test(reason)));
    });

    it('offsets that do not count the bytes before the archive', () => {
      const bytes = Buffer.concat([Buffer.from('junk'), rawZip([entry, other])]);
      const { entries, anomalies } = readZip(bytes, 'f');
      assert.equal(Buffer.from(entries[0].data).toString(), entry.data);
      assert.ok(anomalies.some(({ reason }) => /offsets are 4 bytes off/.test(reason)));
      assert.ok(anomalies.some(({ reason }) => /4 bytes before the archive/.test(reason)));
      assert.equal(reasons([entry], { directoryOffset: 1 }).length > 0, true);
    });

    it('a zip64 end record that contradicts the plain one', () => {
      const bytes = Buffer.from(fixture('tensor.pt'));
      bytes[bytes.length - 22 + 10] ^= 1;
      assert.ok(readZip(bytes, 'f').anomalies.some(({ reason }) => /zip64/.test(reason)));
    });
  });

  it('does not take padding with zeros for content', () => {
    assert.deepEqual(reasons([entry, other], { between: Buffer.alloc(100) }), []);
  });

  describe('refuses', () => {
    it('a file that was cut off', () => {
      const bytes = fixture('state-dict.pt');
      for (const length of [bytes.length - 1, bytes.length - 100, bytes.length >> 1, 4]) {
        assert.throws(() => readZip(bytes.subarray(0, length), 'cut.pt'), CheckpointError);
      }
    });

    it('a directory of impossible size or place', () => {
      assert.throws(() => readZip(rawZip([entry], { directoryOffset: 0xfffffff0 }), 'f'), CheckpointError);
      assert.throws(() => readZip(rawZip([entry], { entryCount: 2 }), 'f'), CheckpointError);
    });
  });

  describe('does not inflate bombs', () => {
    const zeros = Buffer.alloc(32 << 20);

    it('of one huge entry', () => {
      const { entries } = readZip(rawZip([{ name: 'a/data.pkl', data: zeros, deflate: true }]), 'f');
      assert.match(entries[0].fault ?? '', /zip bomb/);
      assert.equal(entries[0].data.length, 0);
    });

    it('that lie about their size', () => {
      const { entries } = readZip(rawZip([{ name: 'a/data.pkl', data: zeros, deflate: true, size: 1000 }]), 'f');
      assert.match(entries[0].fault ?? '', /another size than declared/);
    });

    it('of many entries over the same bytes', () => {
      // 32 KiB of noise deflate to about themselves; a hundred directory records point at them.
      let state = 1;
      const noise = Uint8Array.from({ length: 1 << 15 }, () => (state = (state * 48271) % 0x7fffffff) & 0xff);
      const copies = Array.from({ length: 100 }, (_, i) => ({
        name: `a/${i}`,
        localName: 'a/0',
        data: noise,
        deflate: true,
        headerOffset: i === 0 ? undefined : 0,
      }));
      const { entries, anomalies } = readZip(rawZip(copies), 'f');
      const total = entries.reduce((sum, { data }) => sum + data.length, 0);
      assert.ok(total <= limits.inflatedTotal);
      assert.ok(anomalies.some(({ reason }) => /overlap/.test(reason)));
    });
  });

  it('never throws anything but CheckpointError on mutated archives', () => {
    const original = fixture('deflated.pt');
    const tail = original.length - 1000;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: original.length - 1 }), fc.integer({ min: 0, max: 255 })), {
          maxLength: 6,
        }),
        fc.array(fc.tuple(fc.integer({ min: tail, max: original.length - 1 }), fc.integer({ min: 0, max: 255 })), {
          maxLength: 4,
        }),
        (anywhere, inDirectory) => {
          const mutated = Uint8Array.from(original);
          for (const [at, value] of [...anywhere, ...inDirectory]) mutated[at] = value;
          try {
            readZip(mutated, 'f');
          } catch (error) {
            assert.ok(error instanceof CheckpointError);
          }
        },
      ),
      { seed: 3, numRuns: 1000 },
    );
  });
});

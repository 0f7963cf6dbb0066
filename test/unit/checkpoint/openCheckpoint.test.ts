import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ByteSource } from '../../../server/src/checkpoint/byteSource';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { createPyTorchCheckpoint, createSafetensors } from '../../../server/src/checkpoint/createCheckpoint';
import { inspectCode, inspectCodeByRanges } from '../../../server/src/checkpoint/inspectCode';
import { openCheckpoint } from '../../../server/src/checkpoint/openCheckpoint';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import { fixture, fixtureNames } from './fixtureFiles';
import { CountedSource } from './sampleSource';
import { rawZip } from './zipAssembler';

/** What a reader says of a file, whether it can read it or not. */
function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    assert.ok(error instanceof CheckpointError);
    return { message: error.message, offset: error.offset, entry: error.entry };
  }
}

describe('openCheckpoint', () => {
  const contents = (checkpoint: ReturnType<typeof readCheckpoint>) => ({
    ...{ format: checkpoint.format, wrapper: checkpoint.wrapper, globals: checkpoint.globals },
    ...{ anomalies: checkpoint.anomalies, metadata: checkpoint.metadata },
    tensors: [...checkpoint.tensors.values()].map((tensor) => [
      tensor.name,
      tensor.dtype,
      tensor.shape,
      [...tensor.values()],
    ]),
  });

  for (const name of fixtureNames) {
    it(`says the same of ${name} by ranges as of the whole file`, () => {
      const bytes = fixture(name);
      assert.deepEqual(
        outcome(() => contents(openCheckpoint(new CountedSource(bytes), name))),
        outcome(() => contents(readCheckpoint(bytes, name))),
      );
      assert.deepEqual(inspectCodeByRanges(new CountedSource(bytes), name), inspectCode(bytes, name));
    });
  }

  it('says the same by ranges as of the whole of damaged files', () => {
    for (const name of ['deflated.pt', 'wrapped-state-dict.pt', 'legacy.pt']) {
      const original = fixture(name);
      const change = fc.tuple(fc.nat(original.length - 1), fc.nat(255));
      const atTheEnd = fc.tuple(fc.integer({ min: original.length - 900, max: original.length - 1 }), fc.nat(255));
      fc.assert(
        fc.property(
          fc.array(fc.oneof(change, atTheEnd), { maxLength: 6 }),
          fc.option(fc.nat(original.length)),
          (changes, cut) => {
            const bytes = Uint8Array.from(original.subarray(0, cut ?? original.length));
            for (const [at, value] of changes) bytes[at] = value;
            assert.deepEqual(
              outcome(() => contents(openCheckpoint(new CountedSource(bytes), name))),
              outcome(() => contents(readCheckpoint(bytes, name))),
            );
            assert.deepEqual(inspectCodeByRanges(new CountedSource(bytes), name), inspectCode(bytes, name));
          },
        ),
        { seed: 5, numRuns: 40 },
      );
    }
  });

  it('reads no tensor data before somebody asks for values', () => {
    const tensors = Array.from({ length: 3 }, (_, i) => ({
      ...{ name: `layer${i}.weight`, dtype: 'float32' as const, shape: [250_000] },
      values: new Float32Array(250_000).fill(0.5),
    }));
    for (const bytes of [createPyTorchCheckpoint(tensors), createSafetensors(tensors)]) {
      const source = new CountedSource(bytes);
      const { tensors: opened } = openCheckpoint(source, 'f');
      inspectCodeByRanges(source, 'f');
      assert.ok(source.asked < 500_000, `${source.asked} bytes of ${bytes.length} were read`);
      assert.equal(opened.get('layer1.weight')?.values()[249_999], 0.5);
      assert.ok(source.asked < 1_600_000);
    }
  });

  it('opens a tensor of more elements than are read at once, unless it repeats the same few bytes', () => {
    const count = 2 ** 28;
    const header = Buffer.from(JSON.stringify({ big: { dtype: 'U8', shape: [count], data_offsets: [0, count] } }));
    const head = Buffer.alloc(8 + header.length);
    head.writeBigUInt64LE(BigInt(header.length));
    header.copy(head, 8);
    const source: ByteSource = {
      length: head.length + count,
      subarray: (start, end) => {
        const part = new Uint8Array(Math.min(end, head.length + count) - start);
        part.set(head.subarray(start, end));
        return part;
      },
    };
    assert.deepEqual(openCheckpoint(source, 'f').tensors.get('big')?.shape, [count]);
  });

  it('gives plain data beside the weights as text, and the keys of the rest', () => {
    const { extras, wrapper } = openCheckpoint(fixture('wrapped-state-dict.pt'), 'f');
    assert.equal(wrapper, 'state_dict');
    assert.deepEqual(extras, { plain: { epoch: '3' }, others: ['optimizer', 'args', 'best'] });
  });
});

describe('inspectCodeByRanges', () => {
  const payload = Buffer.from('\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R.', 'latin1');

  it('finds code in entries, between them, and in archives inside archives', () => {
    const inner = Buffer.from(rawZip([{ name: 'a/data.pkl', data: payload }]));
    const archives = [
      rawZip([{ name: 'a/data.pkl', data: payload }]),
      rawZip([{ name: 'a/data/0', data: payload }]),
      rawZip([{ name: 'a/data/0', data: inner }]),
      rawZip([{ name: 'a/data/0', data: 'x' }], { between: payload }),
      rawZip([{ name: 'a/data.pkl', data: payload, deflate: true }]),
      payload,
    ];
    for (const bytes of archives) {
      const found = inspectCodeByRanges(new CountedSource(bytes), 'f');
      assert.deepEqual(
        found.globals.map(({ module, name }) => `${module}.${name}`),
        ['os.system'],
      );
      assert.deepEqual(found, inspectCode(bytes, 'f'));
    }
  });

  it('compares checksums of pickles, not of large entries', () => {
    const data = Buffer.alloc(100_000, 7);
    const reasons = (name: string) =>
      inspectCodeByRanges(new CountedSource(rawZip([{ name, data, crc: 1 }])), 'f').anomalies.map(
        (found) => found.reason,
      );
    assert.deepEqual(reasons('a/data/0'), []);
    assert.ok(reasons('a/data.pkl').some((reason) => reason.includes('CRC-32')));
  });
});

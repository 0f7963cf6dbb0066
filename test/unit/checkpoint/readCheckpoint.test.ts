import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { inspectCode } from '../../../server/src/checkpoint/inspectCode';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import { expectedCheckpoints, fixture, fixtureNames } from './fixtureFiles';
import { rawZip } from './zipAssembler';
import * as asm from './pickleAssembler';

function assertRefused(bytes: Uint8Array, reason: RegExp): void {
  assert.throws(
    () => readCheckpoint(bytes, 'model.pt'),
    (error) => {
      assert.ok(error instanceof CheckpointError);
      assert.equal(error.file, 'model.pt');
      assert.match(error.message, reason);
      return true;
    },
  );
}

describe('readCheckpoint', () => {
  describe('on files of PyTorch 2.2', () => {
    for (const [name, { wrapper, tensors }] of Object.entries(expectedCheckpoints)) {
      it(`reads ${name} as PyTorch does`, () => {
        const checkpoint = readCheckpoint(fixture(name), name);
        assert.equal(checkpoint.format, 'pytorch-zip');
        assert.equal(checkpoint.wrapper, wrapper);
        assert.deepEqual(checkpoint.anomalies, []);
        assert.deepEqual(
          [...checkpoint.tensors.keys()],
          tensors.map((tensor) => tensor.name),
        );
        for (const { name: key, dtype, shape, values } of tensors) {
          const tensor = checkpoint.tensors.get(key);
          assert.deepEqual([tensor?.dtype, tensor?.shape], [dtype, shape], key);
          assert.deepEqual([...(tensor?.values() ?? [])], values, key);
        }
      });
    }
  });

  describe('says what to do about', () => {
    const files: readonly (readonly [string, RegExp])[] = [
      ['tensor.pt', /a single tensor/],
      ['ambiguous.pt', /several state dicts \("teacher", "student"\)/],
    ];
    for (const [name, reason] of files) it(name, () => assertRefused(fixture(name), reason));

    const state = fixture('state-dict.pt');
    const contents: readonly (readonly [string, Uint8Array, RegExp])[] = [
      ['an empty file', new Uint8Array(), /empty/],
      ['a Git LFS pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\noid'), /git lfs pull/],
      ['a page of a failed download', Buffer.from('<!DOCTYPE html>'), /HTML/],
      ['a gzip file', Buffer.of(0x1f, 0x8b, 8, 0), /gzip/],
      ['a pickle of a number', Buffer.of(0x80, 4, 0x4b, 1, 0x2e), /plain pickle without NumPy arrays or tensors/],
      ['a text file', Buffer.from('weights of my model'), /neither a PyTorch checkpoint nor safetensors/],
      ['a file cut off', state.subarray(0, 3000), /truncated or damaged/],
      ['a file cut off by one byte', state.subarray(0, state.length - 1), /truncated or damaged/],
      ['bytes before the archive', asm.bytesOf('junk', state), /run those bytes as a pickle/],
      ['a zip archive of something else', rawZip([{ name: 'readme.txt', data: 'x' }]), /lie in no folder/],
      ['an empty zip archive', rawZip([]), /lie in no folder/],
      ['a zip archive without pickle', rawZip([{ name: 'a/readme.txt', data: 'x' }]), /a\/data\.pkl.*no such entry/],
      ['a pickle that breaks', rawZip([{ name: 'a/data.pkl', data: 'N' }]), /a\/data\.pkl, byte 1\): .*STOP/],
      [
        'two pickles of one name',
        rawZip([
          { name: 'a/data.pkl', data: 'N.' },
          { name: 'a/DATA.pkl', data: 'N.' },
        ]),
        /two entries/,
      ],
      ['an encrypted pickle', rawZip([{ name: 'a/data.pkl', data: 'N.', flags: 1 }]), /encrypted/],
      ['a list of tensors', rawZip([{ name: 'a/data.pkl', data: '].' }]), /a list/],
      ['a number', rawZip([{ name: 'a/data.pkl', data: 'K\x01.' }]), /neither a state dict nor a model/],
      ['an empty dict', rawZip([{ name: 'a/data.pkl', data: '}.' }]), /no tensors/],
      ['an object', rawZip([{ name: 'a/data.pkl', data: asm.systemCall }]), /an object of os\.system/],
    ];
    for (const [name, bytes, reason] of contents) it(name, () => assertRefused(bytes, reason));

    it('a zip bomb, without inflating it', () => {
      const bomb = rawZip([{ name: 'a/data.pkl', data: Buffer.alloc(64 << 20), deflate: true }]);
      assertRefused(bomb, /zip bomb/);
    });
  });

  describe('lists a tensor that cannot be read with its reason', () => {
    const files: readonly (readonly [string, string, RegExp])[] = [
      ['sparse.pt', 'adjacency', /^it is sparse/],
      ['quantised.pt', 'weight', /^it is quantised/],
      ['complex.pt', 'weight', /ComplexFloatStorage is not read$/],
    ];
    for (const [file, tensor, reason] of files) {
      it(file, () => assert.match(readCheckpoint(fixture(file), file).unread.get(tensor) ?? '', reason));
    }
  });

  it('reads what PyTorch reads in spite of a wrong CRC, and says so', () => {
    const name = 'views.pt';
    const views = Buffer.from(fixture(name));
    // One bit of a storage.
    const at = views.indexOf(Buffer.from(new Float32Array([1, 2, 3, 4]).buffer));
    views[at] ^= 1;
    assert.match(readCheckpoint(views, name).anomalies[0].reason, /CRC-32/);
  });

  it('reads the models of the research fixtures with the shapes of their descriptions', function () {
    const folder = path.resolve(__dirname, '../../../../shared/fixtures/models');
    if (!existsSync(folder)) {
      console.log('      ../shared/fixtures/models is missing: its checkpoints were not read');
      this.skip();
    }
    const names = readdirSync(folder).filter((name) => name.endsWith('.pt'));
    assert.ok(names.length > 0);
    for (const name of names) {
      const bytes = readFileSync(path.join(folder, name));
      const { architecture } = JSON.parse(readFileSync(path.join(folder, name.replace(/pt$/, 'json')), 'utf8')) as {
        architecture: { layers: number; hidden: number; inputs: number; classes: number };
      };
      const { tensors, anomalies } = readCheckpoint(bytes, name);
      assert.deepEqual(anomalies, []);
      for (let layer = 0; layer < architecture.layers; layer++) {
        const inputs = layer === 0 ? architecture.inputs : architecture.hidden;
        assert.deepEqual(tensors.get(`convs.${layer}.nn.0.weight`)?.shape, [architecture.hidden, inputs]);
        assert.deepEqual(tensors.get(`convs.${layer}.nn.4.running_var`)?.shape, [architecture.hidden]);
      }
      assert.deepEqual(tensors.get('lin.weight')?.shape, [architecture.classes, architecture.hidden]);
      for (const tensor of tensors.values())
        assert.ok(tensor.values().every(Number.isFinite), `${name} ${tensor.name}`);
    }
  });

  describe('under mutation', () => {
    // Both readers see every mutant: one may only throw CheckpointError, the other may not throw.
    const survive = (bytes: Uint8Array) => {
      assert.ok(Array.isArray(inspectCode(bytes, 'f').globals));
      try {
        const { tensors } = readCheckpoint(bytes, 'f');
        for (const tensor of tensors.values()) tensor.values();
      } catch (error) {
        assert.ok(error instanceof CheckpointError, String(error));
      }
    };

    for (const name of fixtureNames) {
      it(`stays with CheckpointError for mutants of ${name}`, () => {
        const original = fixture(name);
        const place = fc.integer({ min: 0, max: original.length - 1 });
        const edit = fc.oneof(
          fc.record({ kind: fc.constant('set' as const), at: place, value: fc.integer({ min: 0, max: 255 }) }),
          fc.record({ kind: fc.constant('cut' as const), at: place, value: fc.integer({ min: 1, max: 40 }) }),
          fc.record({ kind: fc.constant('repeat' as const), at: place, value: fc.integer({ min: 1, max: 40 }) }),
        );
        fc.assert(
          fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
            let bytes = Buffer.from(original);
            for (const { kind, at, value } of edits) {
              if (kind === 'set') bytes[at] = value;
              else if (kind === 'cut') bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + value)]);
              else bytes = Buffer.concat([bytes.subarray(0, at + value), bytes.subarray(at)]);
            }
            survive(bytes);
          }),
          { seed: 4, numRuns: 60 },
        );
      });
    }

    it('stays with CheckpointError for random bytes behind each signature', () => {
      const signatures = ['', 'PK\x03\x04', '\x80\x02', '\x80\x04\x95', '\x10\0\0\0\0\0\0\0{"a":', 'c'].map((start) =>
        Buffer.from(start, 'latin1'),
      );
      fc.assert(
        fc.property(fc.constantFrom(...signatures), fc.uint8Array({ maxLength: 300 }), (start, rest) =>
          survive(Buffer.concat([start, rest])),
        ),
        { seed: 5, numRuns: 1000 },
      );
    });
  });
});

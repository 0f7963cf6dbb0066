import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { createPyTorchCheckpoint, createSafetensors } from '../../../server/src/checkpoint/createCheckpoint';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import { PickleWriter } from '../../../server/src/checkpoint/pickle/writer';
import { readZip } from '../../../server/src/checkpoint/zip/readZip';
import { writeZip } from '../../../server/src/checkpoint/zip/writeZip';
import { convertToSafetensors } from '../../../server/src/jobs/convertTask';
import { hashFile } from '../../../server/src/jobs/hashFile';
import { requireSameTensors } from '../../../server/src/jobs/convertCheck';
import { openCheckpoint } from '../../../server/src/checkpoint/openCheckpoint';
import { maliciousCheckpoint } from '../../support/maliciousCheckpoint';
import { useTmpFolder } from '../../support/tmpFolder';
import { expectedCheckpoints, fixture } from '../checkpoint/fixtureFiles';
import { assertHolds, Samples } from '../checkpoint/formatSamples';

describe('convertToSafetensors', () => {
  const at = useTmpFolder();
  const tensor = { name: 'a', dtype: 'float32' as const, shape: [2], values: [1, 2] };

  function convert(overwrite = false, signal = new AbortController().signal) {
    const task = { kind: 'convert', model: at('m.pt'), output: at('m.safetensors'), overwrite } as const;
    return convertToSafetensors(task, { signal, progress: () => undefined });
  }

  for (const [name, { tensors, wrapper }] of Object.entries(expectedCheckpoints)) {
    it(`keeps every tensor of ${name}`, async () => {
      writeFileSync(at('m.pt'), fixture(name));
      const report = await convert();
      const bytes = readFileSync(at('m.safetensors'));
      const copy = readCheckpoint(bytes, 'copy');
      assert.equal(copy.format, 'safetensors');
      assert.deepEqual([...copy.tensors.keys()].sort(), tensors.map((expected) => expected.name).sort());
      for (const { name: key, dtype, shape, values } of tensors) {
        const found = copy.tensors.get(key);
        assert.deepEqual([found?.dtype, found?.shape, [...(found?.values() ?? [])]], [dtype, shape, values], key);
      }
      assert.equal(report.bytes, bytes.length);
      assert.equal(report.tensors, tensors.length);
      assert.equal(report.outputSha256, await hashFile(at('m.safetensors')));
      assert.equal(
        report.notes.some((note) => note.includes('under the key')),
        wrapper !== '',
      );
      assert.deepEqual(readFileSync(at('m.pt')), Buffer.from(fixture(name)));
    });
  }

  const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
  for (const folder of ['pytorch', 'numpy', 'pickle', 'pickled-tensors', 'onnx', 'hdf5', 'keras', 'tfjs']) {
    const samples = new Samples(folder);
    it(`keeps every tensor of the ${folder} samples, from all of their files, and refuses what lacks one`, async () => {
      samples.copyTo(at('.'));
      for (const [name, expected] of Object.entries(samples.expected)) {
        const task = { kind: 'convert', model: at(name), output: at('out.safetensors'), overwrite: true } as const;
        const conversion = convertToSafetensors(task, {
          signal: new AbortController().signal,
          progress: () => undefined,
        });
        if (expected.length === 0 || expected.some((tensor) => 'unread' in tensor)) {
          await assert.rejects(conversion, CheckpointError, name);
          continue;
        }
        const report = await conversion;
        const { tensors, ...copy } = readCheckpoint(readFileSync(at('out.safetensors')), name);
        const sorted = new Map([...tensors].sort(([a], [b]) => (a < b ? -1 : 1)));
        assertHolds({ ...copy, tensors: sorted }, [...expected].sort(byName));
        assert.equal(report.outputSha256, await hashFile(at('out.safetensors')), name);
      }
    });
  }

  it('refuses a file of which a tensor cannot be read, and names it', async () => {
    writeFileSync(at('m.pt'), new Samples('pytorch').bytes('legacy-types.pt'));
    await assert.rejects(convert(), /tensor "spectrum" cannot be read: its storage class ComplexFloatStorage/);
    assert.deepEqual(readdirSync(at('.')), ['m.pt']);
  });

  it('keeps plain data as metadata, and names what it leaves out and what shared memory', async () => {
    writeFileSync(at('m.pt'), fixture('wrapped-state-dict.pt'));
    const report = await convert();
    const { metadata } = readCheckpoint(readFileSync(at('m.safetensors')), 'copy');
    assert.deepEqual(metadata, { epoch: '3', format: 'pt' });
    assert.deepEqual(report.metadata, ['epoch', 'format']);
    assert.ok(report.notes.some((note) => note.includes('"optimizer", "args", "best"')));
    writeFileSync(at('m.pt'), fixture('views.pt'));
    assert.ok((await convert(true)).notes.some((note) => /shared memory.* = /.test(note)));
  });

  it('takes nothing of the code along', async () => {
    const [payload] = readZip(maliciousCheckpoint(), 'malicious.pt').entries;
    const { entries } = readZip(createPyTorchCheckpoint([tensor]), 'm.pt');
    writeFileSync(at('m.pt'), writeZip([...entries, { name: 'archive/more.pkl', data: payload.data }]));
    const report = await convert();
    assert.ok(report.notes.some((note) => note.includes('runs dangerous code')));
    assert.ok(!readFileSync(at('m.safetensors')).includes('system'));
  });

  it('refuses what it should not write over, or cannot read, and leaves nothing behind', async () => {
    writeFileSync(at('m.pt'), createPyTorchCheckpoint([tensor]));
    writeFileSync(at('m.safetensors'), 'mine');
    await assert.rejects(convert(), /a file of this name already exists/);
    assert.equal(readFileSync(at('m.safetensors'), 'utf8'), 'mine');
    const signal = AbortSignal.abort(new Error('cancelled'));
    await assert.rejects(convert(true, signal), /cancelled/);
    assert.equal(readFileSync(at('m.safetensors'), 'utf8'), 'mine');
    writeFileSync(at('m.pt'), createSafetensors([tensor]));
    await assert.rejects(convert(true), /safetensors file already/);
    writeFileSync(at('m.pt'), createPyTorchCheckpoint([{ ...tensor, name: '__metadata__' }]));
    await assert.rejects(convert(true), /no tensor can be named __metadata__/);
    assert.deepEqual(readdirSync(at()).sort(), ['m.pt', 'm.safetensors']);
    await assert.rejects(
      convertToSafetensors(
        { kind: 'convert', model: at('m.pt'), output: at('m.pt'), overwrite: true },
        { signal: new AbortController().signal, progress: () => undefined },
      ),
      /input file|no tensor can be named/,
    );
  });

  it('refuses a few bytes that are to fill a disk', async () => {
    const pickle = new PickleWriter().global('collections', 'OrderedDict').emptyTuple().reduce().mark();
    pickle.text('a').global('torch._utils', '_rebuild_tensor_v2').mark();
    pickle.mark().text('storage').global('torch', 'FloatStorage').text('0').text('cpu').integer(1).tuple();
    // One number, shown 2^27 times by a stride of 0.
    pickle
      .persistentId()
      .integer(0)
      .integers([2 ** 27])
      .integers([0])
      .boolean(false);
    pickle.global('collections', 'OrderedDict').emptyTuple().reduce().tuple().reduce();
    const entries = { 'archive/data.pkl': pickle.setItems().stop(), 'archive/data/0': new Uint8Array(4) };
    writeFileSync(at('m.pt'), writeZip(Object.entries(entries).map(([name, data]) => ({ name, data }))));
    await assert.rejects(convert(), /the same bytes so often that they would fill 53687\d{4}/);
    assert.deepEqual(readdirSync(at()), ['m.pt']);
  });

  it('notices a copy that is not the same', async () => {
    const original = openCheckpoint(createPyTorchCheckpoint([tensor]), 'm.pt');
    const check = (changed: Partial<typeof tensor>, metadata: Record<string, string> = {}) => {
      writeFileSync(at('copy'), createSafetensors([{ ...tensor, ...changed }], metadata));
      const written = { written: at('copy'), output: 'out', metadata: {} };
      return requireSameTensors(written, { file: 'm.pt', tensors: original.tensors }, () => undefined);
    };
    await check({});
    await assert.rejects(check({ name: 'b' }), /its tensors differ/);
    await assert.rejects(check({ shape: [2, 1] }), /shape or element type of "a" differ/);
    await assert.rejects(check({ values: [1, 3] }), /values of "a" differ/);
    await assert.rejects(check({}, { more: 'x' }), /its metadata differ/);
  });
});

import assert from 'node:assert/strict';
import { createPyTorchCheckpoint, createSafetensors } from '../../../server/src/checkpoint/createCheckpoint';
import { readContents } from '../../../server/src/checkpoint/hdf5/contents';
import { inspectCode } from '../../../server/src/checkpoint/inspectCode';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import { readZip } from '../../../server/src/checkpoint/zip/readZip';
import { writeZip } from '../../../server/src/checkpoint/zip/writeZip';
import type { LoadedModel } from '../../../server/src/jobs/loadModel';
import { purifiedFile, requirePurifiable } from '../../../server/src/jobs/purifiedFile';
import { codeSafetyVerdict } from '../../../server/src/scan/codeSafety';
import { Samples } from '../checkpoint/formatSamples';

const tensors = [
  { name: 'lin.weight', dtype: 'float32', shape: [2, 2], values: [1, 2, 3, 4] },
  { name: 'steps', dtype: 'int64', shape: [], values: [7] },
] as const;
const clean = createPyTorchCheckpoint(tensors);
const values = new Map([['lin.weight', Float32Array.of(5, 6, 7, 8)]]);

/** The clean file with `os.system("id")` before its state dict: an opcode that makes no difference to the result. */
function withPayload(): Uint8Array {
  const { entries } = readZip(clean, 'clean.pt');
  const payload = Buffer.from('cos\nsystem\n(S"id"\ntR0', 'latin1');
  return writeZip(
    entries.map(({ name, data }) => {
      if (!name.endsWith('data.pkl')) return { name, data };
      return { name, data: Buffer.concat([data.subarray(0, 2), payload, data.subarray(2)]) };
    }),
  );
}

function loaded(bytes: Uint8Array, path = 'model.pt'): LoadedModel {
  const checkpoint = readCheckpoint(bytes, path);
  return { path, bytes, beside: new Map(), sha256: '', checkpoint } as unknown as LoadedModel;
}

describe('purifiedFile', () => {
  it('keeps everything but the numbers of a file that runs nothing dangerous', () => {
    const { bytes, notes } = purifiedFile(loaded(clean), values, 'out.pt');
    assert.deepEqual(notes, []);
    assert.equal(bytes.length, clean.length);
    assert.deepEqual([...(readCheckpoint(bytes, 'out.pt').tensors.get('lin.weight')?.values() ?? [])], [5, 6, 7, 8]);
  });

  it('takes the tensors of a file that runs dangerous code, and not the code', () => {
    const bad = withPayload();
    assert.equal(codeSafetyVerdict(inspectCode(bad, 'bad.pt')), 'dangerous');
    const { bytes, notes } = purifiedFile(loaded(bad), values, 'out.pt');
    assert.match(notes[0], /^The original runs dangerous code/);
    assert.equal(codeSafetyVerdict(inspectCode(bytes, 'out.pt')), 'safe');
    const written = [...readCheckpoint(bytes, 'out.pt').tensors.values()].map((tensor) => [
      tensor.name,
      tensor.dtype,
      tensor.shape,
      [...tensor.values()],
    ]);
    assert.deepEqual(written, [
      ['lin.weight', 'float32', [2, 2], [5, 6, 7, 8]],
      ['steps', 'int64', [], [7]],
    ]);
  });

  it('writes a new file where the name asks for one, and says what is not in it', () => {
    const original = loaded(createSafetensors(tensors, { note: 'mine' }), 'model.safetensors');
    const { bytes, notes } = purifiedFile(original, values, 'out.pt');
    const written = readCheckpoint(bytes, 'out.pt');
    assert.equal(written.format, 'pytorch-zip');
    assert.deepEqual([...(written.tensors.get('lin.weight')?.values() ?? [])], [5, 6, 7, 8]);
    assert.deepEqual(notes, [
      'The purified file is a fresh state dict, as its name says, and the original is Safetensors.',
      'Not kept: "note".',
    ]);
    const other = purifiedFile(loaded(clean), values, 'out.safetensors');
    assert.equal(readCheckpoint(other.bytes, 'out.safetensors').format, 'safetensors');
    assert.deepEqual(readCheckpoint(other.bytes, 'out.safetensors').metadata, { format: 'pt' });
  });

  it('keeps text beside the tensors in safetensors, but none of a model that runs dangerous code', () => {
    const npz = new Samples('numpy').bytes('stored.npz');
    const { bytes } = purifiedFile(loaded(npz, 'a.npz'), new Map(), 'out.safetensors');
    assert.deepEqual(readCheckpoint(bytes, 'out').metadata, { format: 'pt' });
    const bad = purifiedFile(loaded(withPayload()), values, 'out.safetensors');
    assert.deepEqual(readCheckpoint(bad.bytes, 'out').metadata, {});
    assert.match(bad.notes[0], /a new safetensors file with the same tensors and nothing else of the original/);
  });
});

describe('requirePurifiable', () => {
  const valuesOf = ({ checkpoint }: LoadedModel) =>
    new Map(
      [...checkpoint.tensors.values()]
        .filter(({ dtype }) => dtype.startsWith('float'))
        .map((tensor) => [tensor.name, Float32Array.from(tensor.values())]),
    );

  it('says what the format cannot hold, and takes safetensors for all', () => {
    for (const [folder, name, reason] of [
      ['hdf5', 'chunks-earliest.h5', /cannot be written back into the HDF5 file.*write the model as safetensors/],
      ['pickle', 'dict-2.pkl', /cannot be written back: its numbers are written as text/],
    ] as const) {
      const original = loaded(new Samples(folder).bytes(name), name);
      assert.throws(() => requirePurifiable(original, valuesOf(original), `out-${name}`), reason);
      assert.deepEqual(requirePurifiable(original, valuesOf(original), 'out.safetensors'), []);
      assert.deepEqual(requirePurifiable(original, valuesOf(original), 'out.pt'), []);
    }
  });

  it('refuses weights in whole numbers, which training would leave as fractions', () => {
    const original = loaded(createPyTorchCheckpoint(tensors));
    const steps = new Map([['steps', Float32Array.of(7)]]);
    assert.throws(() => requirePurifiable(original, steps, 'out.pt'), /does not fit into int64/);
  });

  it('refuses a file of which parts overlap, so that other tensors would change as well', () => {
    const bytes = new Samples('hdf5').bytes('numbers-earliest.h5');
    const { datasets } = readContents(bytes, { file: 'a.h5', largeTensors: false });
    const [[kept, first], [changed, second]] = [...datasets].filter(
      ([, { view }]) => view.dtype === 'float32' || view.dtype === 'float64',
    );
    const addresses = [first, second].map((dataset) => {
      const runs = dataset.runs();
      assert.ok(typeof runs !== 'string');
      return BigInt(runs[0].offset);
    });
    const view = new DataView(bytes.buffer);
    for (let at = 0; at + 8 <= bytes.length; at++) {
      if (view.getBigUint64(at, true) === addresses[0]) view.setBigUint64(at, addresses[1], true);
    }
    const original = loaded(bytes, 'a.h5');
    const values = valuesOf(original);
    values.delete(kept);
    assert.ok(values.has(changed));
    assert.throws(() => requirePurifiable(original, values, 'out.h5'), /reads as something else/);
  });
});

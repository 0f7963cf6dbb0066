import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DType, FormatId } from '../../../server/src/checkpoint/checkpoint';
import { encodeElements } from '../../../server/src/checkpoint/dtypes';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import { convertToSafetensors } from '../../../server/src/jobs/convertTask';
import { inspectModel } from '../../../server/src/jobs/inspectTask';
import { loadModel } from '../../../server/src/jobs/loadModel';
import { purifiedFile } from '../../../server/src/jobs/purifiedFile';
import { scanModel } from '../../../server/src/jobs/scanTask';
import { writeTogether } from '../../../server/src/jobs/writeWhole';
import { useTmpFolder } from '../../support/tmpFolder';
import { Samples } from '../checkpoint/formatSamples';

/** The same GIN in each format. */
const files: Readonly<Record<string, FormatId>> = {
  'zip.pt': 'pytorch-zip',
  'legacy.pt': 'pytorch-legacy',
  'script.pt': 'torchscript',
  'gin.safetensors': 'safetensors',
  'model.safetensors.index.json': 'sharded',
  'pytorch_model.bin.index.json': 'sharded',
  'gin.npz': 'npz',
  'gin.pkl': 'pickle',
  'tensors.pkl': 'pickle',
  'model.json': 'tfjs-layers',
};
/** Loading it does more than is known to be harmless. */
const warned = 'tensors.pkl';

/** The GIN as TensorFlow.js would keep it under the names of PyTorch: `model.json`, and its weights beside it. */
function writeTensorFlow(folder: string): void {
  const tensors = [...readCheckpoint(readFileSync(path.join(folder, 'gin.safetensors')), 'gin').tensors.values()];
  // The format has no integers of 64 bits.
  const typeOf = (dtype: DType): DType => (dtype === 'int64' ? 'int32' : dtype);
  const weights = tensors.map(({ name, dtype, shape }) => ({ name, dtype: typeOf(dtype), shape }));
  const content = tensors.map((tensor) => encodeElements(tensor.values(), typeOf(tensor.dtype)));
  writeFileSync(path.join(folder, 'model-shard1of1.bin'), Buffer.concat(content));
  const model = {
    format: 'layers-model',
    modelTopology: {},
    weightsManifest: [{ paths: ['model-shard1of1.bin'], weights }],
  };
  writeFileSync(path.join(folder, 'model.json'), JSON.stringify(model));
}

describe('a model of any format', () => {
  const at = useTmpFolder();
  const context = { signal: new AbortController().signal, progress: () => undefined };
  beforeEach(() => {
    Samples.copy('gin', at('.'));
    writeTensorFlow(at('.'));
  });

  const contents = async (file: string): Promise<unknown> => {
    const { checkpoint } = await loadModel(file);
    const tensors = [...checkpoint.tensors.values()].map((tensor) => [tensor.name, tensor.shape, [...tensor.values()]]);
    return Object.fromEntries(tensors.map(([name, ...rest]) => [name, rest]));
  };

  for (const [name, format] of Object.entries(files)) {
    it(`${name}: is inspected and recognised, and looked into for code`, async () => {
      const inspection = await inspectModel({ model: at(name) });
      const safety = name === warned ? 'unknown' : 'safe';
      assert.deepEqual([inspection.format, inspection.unreadable, inspection.codeSafety], [format, undefined, safety]);
      const expected = (await loadModel(at('zip.pt'))).recognition;
      assert.deepEqual(inspection.architecture, expected.architecture);
      assert.deepEqual(await contents(at(name)), await contents(at('zip.pt')));
      const report = await scanModel({ kind: 'scan', model: at(name), codeOnly: true }, context);
      assert.deepEqual(
        report.findings.map(({ code }) => code),
        name === warned ? ['GN102'] : [],
      );
    });

    it(`${name}: is written back with other numbers, as a model that is read again`, async () => {
      const original = await loadModel(at(name));
      const output = at(format === 'tfjs-layers' ? 'model.clean.json' : `clean${name.slice(name.indexOf('.'))}`);
      const floats = [...original.checkpoint.tensors.values()].filter(({ dtype }) => dtype === 'float32');
      const values = new Map(floats.map((tensor) => [tensor.name, Float32Array.from(tensor.values(), (x) => x / 2)]));
      const { bytes, beside, notes } = purifiedFile(original, values, output);
      assert.deepEqual(notes, []);
      const parts = [...beside].map(([part, content]) => [at(part), content] as const);
      const before = readdirSync(at('.'));
      await writeTogether(output, [...parts, [output, bytes]]);
      assert.equal(readdirSync(at('.')).length, before.length + parts.length + 1, 'nothing was overwritten');
      const written = await loadModel(output);
      assert.equal(written.checkpoint.format, format);
      for (const [key, tensor] of original.checkpoint.tensors) {
        assert.deepEqual(
          written.checkpoint.tensors.get(key)?.values(),
          Float64Array.from(values.get(key) ?? tensor.values()),
        );
      }
    });

    if (format === 'safetensors') continue;
    it(`${name}: is converted to safetensors`, async () => {
      const output = at('converted.safetensors');
      await convertToSafetensors({ kind: 'convert', model: at(name), output }, context);
      assert.deepEqual(await contents(output), await contents(at(name)));
    });
  }

  it('says of one that holds its own computation that it was not run', async () => {
    const notes = async (name: string): Promise<string> => (await loadModel(at(name))).recognition.notes.join(' ');
    assert.match(await notes('script.pt'), /TorchScript.*is not run/);
    assert.doesNotMatch(await notes('zip.pt'), /is not run/);
  });
});

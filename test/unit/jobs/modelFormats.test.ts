import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { FormatId } from '../../../server/src/checkpoint/checkpoint';
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
};
/** Loading it does more than is known to be harmless. */
const warned = 'tensors.pkl';

describe('a model of any format', () => {
  const at = useTmpFolder();
  const context = { signal: new AbortController().signal, progress: () => undefined };
  beforeEach(() => Samples.copy('gin', at('.')));

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
      const output = at(`clean${name.slice(name.indexOf('.'))}`);
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

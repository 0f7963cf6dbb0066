import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { loadModel } from '../../../server/src/jobs/loadModel';
import { purifiedFile } from '../../../server/src/jobs/purifiedFile';
import { purifyOutputs } from '../../../server/src/jobs/purifyOutputs';
import { removePartials } from '../../../server/src/jobs/writeWhole';
import { useTmpFolder } from '../../support/tmpFolder';
import { Samples } from '../checkpoint/formatSamples';

describe('purifyOutputs', () => {
  const at = useTmpFolder();
  beforeEach(() => Samples.copy('gin', at('.')));

  it('names all files of a model of several that are written, so that what is left of them can be removed', async () => {
    const [model, output] = [at('model.safetensors.index.json'), at('out.safetensors.index.json')];
    const files = await purifyOutputs({ model, output });
    const { beside } = purifiedFile(await loadModel(model), new Map(), output);
    assert.ok(beside.size > 1);
    assert.deepEqual(files, [output, ...[...beside.keys()].map((name) => at(name))]);

    const before = readdirSync(at('.'));
    // No process has this number: it is more than systems give.
    for (const file of files) writeFileSync(at(`.${file.slice(at('.').length + 1)}.4194999-0123456789ab.partial`), '');
    assert.equal(readdirSync(at('.')).length, before.length + files.length);
    for (const file of files) await removePartials(file);
    assert.deepEqual(readdirSync(at('.')), before);
  });

  it('is the output alone of a model of one file, or of none that can be read', async () => {
    for (const name of ['zip.pt', 'missing.pt']) {
      assert.deepEqual(await purifyOutputs({ model: at(name), output: at('out.pt') }), [at('out.pt')]);
    }
  });
});

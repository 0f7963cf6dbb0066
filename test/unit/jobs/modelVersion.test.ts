import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { createSafetensors } from '../../../server/src/checkpoint/createCheckpoint';
import { FileSource } from '../../../server/src/jobs/fileSource';
import { modelVersion, whileUnchanged } from '../../../server/src/jobs/modelVersion';
import { useTmpFolder } from '../../support/tmpFolder';

describe('modelVersion', () => {
  const at = useTmpFolder();
  const version = () => FileSource.with(at('model.safetensors.index.json'), modelVersion);

  it('differs where a file of the model is changed or taken away, and not before', async () => {
    const index = { metadata: {}, weight_map: { w: 'part.safetensors' } };
    const part = (...values: number[]) =>
      createSafetensors([{ name: 'w', dtype: 'float32', shape: [values.length], values }]);
    writeFileSync(at('model.safetensors.index.json'), JSON.stringify(index));
    writeFileSync(at('part.safetensors'), part(1));
    const versions = [await version()];
    assert.equal(await version(), versions[0]);
    writeFileSync(at('part.safetensors'), part(1, 2));
    versions.push(await version());
    rmSync(at('part.safetensors'));
    versions.push(await version());
    writeFileSync(at('model.safetensors.index.json'), JSON.stringify({ ...index, metadata: { a: 1 } }));
    versions.push(await version());
    assert.equal(new Set(versions).size, 4);
  });
});

describe('whileUnchanged', () => {
  const at = useTmpFolder();

  it('has no result that is true of a file in part only', async () => {
    writeFileSync(at('model.pt'), 'one');
    assert.equal(await whileUnchanged(at('model.pt'), () => Promise.resolve(1)), 1);
    const changing = whileUnchanged(at('model.pt'), () => {
      writeFileSync(at('model.pt'), 'another');
      return Promise.resolve(1);
    });
    await assert.rejects(changing, /model\.pt: it changed while it was read; read it again/);
  });
});

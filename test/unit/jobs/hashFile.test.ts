import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hashFile, sha256Of } from '../../../server/src/jobs/hashFile';
import { readModelFile } from '../../../server/src/jobs/loadModel';
import { useTmpFolder } from '../../support/tmpFolder';
import { Samples } from '../checkpoint/formatSamples';

describe('hashFile', () => {
  const at = useTmpFolder();

  it('is the SHA-256 of a file', async () => {
    writeFileSync(at('a'), 'abc');
    assert.equal(await hashFile(at('a')), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    await assert.rejects(hashFile(at('b')), /there is no such file/);
    await assert.rejects(hashFile(at('a'), AbortSignal.abort(new Error('cancelled'))), /cancelled/);
  });

  it('stands for all files of a model, whichever way it is read', async () => {
    new Samples('pytorch').copyTo(at('.'));
    const index = at('model.safetensors.index.json');
    const all = await hashFile(index);
    assert.notEqual(all, sha256Of(readFileSync(index)));
    assert.equal((await readModelFile(index)).sha256, all);
    appendFileSync(at('model-00002-of-00002.safetensors'), ' ');
    const changed = await hashFile(index);
    assert.notEqual(changed, all);
    rmSync(at('model-00002-of-00002.safetensors'));
    const without = await hashFile(index);
    assert.ok(![all, changed].includes(without));
    assert.equal((await readModelFile(index)).sha256, without);
  });
});

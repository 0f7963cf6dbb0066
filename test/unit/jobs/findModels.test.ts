import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { findModels } from '../../../server/src/jobs/findModels';
import { useTmpFolder } from '../../support/tmpFolder';

describe('findModels', () => {
  const at = useTmpFolder();

  it('searches folders by name, in a stable order, and passes over installed packages', async () => {
    for (const folder of ['b', 'a', 'node_modules', '.git']) mkdirSync(at(folder));
    for (const file of ['b/x.PT', 'a/y.safetensors', 'a/notes.txt', 'node_modules/z.pt', '.git/z.pt'])
      writeFileSync(at(file), '');
    assert.deepEqual(await findModels([at()]), [at('a/y.safetensors'), at('b/x.PT')]);
  });

  it('takes a file named by the user whatever it is called, once', async () => {
    writeFileSync(at('weights'), '');
    assert.deepEqual(await findModels([at('weights'), at('weights')]), [at('weights')]);
  });

  it('stops where it is cancelled', async () => {
    writeFileSync(at('x.pt'), '');
    await assert.rejects(findModels([at()], AbortSignal.abort(new Error('cancelled'))), /^Error: cancelled$/);
  });

  it('refuses a path that is not there', async () => {
    await assert.rejects(findModels([at('nothing')]), /nothing: there is no such file or folder/);
  });
});

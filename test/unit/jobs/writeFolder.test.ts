import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { checkFolder, writeFolder } from '../../../server/src/jobs/writeFolder';
import { OutputError } from '../../../server/src/jobs/writeWhole';
import { useTmpFolder } from '../../support/tmpFolder';

describe('writeFolder', () => {
  const tmp = useTmpFolder();
  const files = new Map<string, string | Uint8Array>([
    ['README.md', 'text'],
    ['models/deep/a.pt', Uint8Array.of(1, 2)],
  ]);
  const refusal = async (folder: string, contents = files): Promise<OutputError> => {
    const error: unknown = await writeFolder(folder, contents).catch((reason: unknown) => reason);
    assert.ok(error instanceof OutputError, String(error));
    return error;
  };

  it('makes the folder, its parents and its files', async () => {
    await writeFolder(tmp('some', 'where'), files);
    assert.equal(readFileSync(tmp('some', 'where', 'README.md'), 'utf8'), 'text');
    assert.deepEqual([...readFileSync(tmp('some', 'where', 'models', 'deep', 'a.pt'))], [1, 2]);
    assert.deepEqual(readdirSync(tmp('some')), ['where']);
  });

  it('fills a folder that is empty', async () => {
    mkdirSync(tmp('empty'));
    await writeFolder(tmp('empty'), files);
    assert.deepEqual(readdirSync(tmp('empty')).sort(), ['README.md', 'models']);
  });

  it('leaves a folder with anything in it, and a file, as they are', async () => {
    writeFileSync(tmp('kept'), 'mine');
    assert.match((await refusal(tmp())).reason, /exists and is not empty/);
    assert.match((await refusal(tmp('kept'))).reason, /a file, not a folder/);
    assert.deepEqual(readdirSync(tmp()), ['kept']);
  });

  it('tells beforehand what it would refuse, and makes nothing', async () => {
    await checkFolder(tmp('some', 'where'));
    writeFileSync(tmp('file'), 'mine');
    const refused = async (folder: string, message: RegExp): Promise<void> =>
      assert.rejects(checkFolder(folder), { name: 'OutputError', message });
    await refused(tmp(), /exists and is not empty/);
    await refused(tmp('file'), /this is a file, not a folder/);
    await refused(tmp('file', 'far', 'below'), /a part of the path is a file, not a folder/);
    assert.deepEqual(readdirSync(tmp()), ['file']);
  });

  it('leaves nothing behind when a file cannot be written', async () => {
    const clash = new Map([
      ['a', 'a file'],
      ['a/b', 'below it'],
    ]);
    assert.equal((await refusal(tmp('out'), clash)).file, tmp('out'));
    assert.deepEqual(readdirSync(tmp()), []);
  });
});

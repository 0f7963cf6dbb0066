import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { DatasetError } from '../../../../server/src/dataset/dataset';
import { ContentHashes } from '../../../../server/src/jobs/cache/contentHashes';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('ContentHashes', () => {
  const at = useTmpFolder();
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

  function writeData(folder: string, parts: Readonly<Record<string, string>> = {}): string {
    mkdirSync(at(folder));
    const all = { A: '1, 2\n', graph_indicator: '1\n1\n', graph_labels: '0\n', ...parts };
    for (const [part, text] of Object.entries(all)) writeFileSync(at(folder, `TINY_${part}.txt`), text);
    return at(folder);
  }

  it('are those of the content, however large it is', async () => {
    const large = 'x'.repeat(3_000_000);
    writeFileSync(at('large'), large);
    assert.equal(await new ContentHashes().file(at('large')), sha256(large));
    await assert.rejects(new ContentHashes().file(at('missing')), { code: 'ENOENT' });
  });

  it('follow a file that is changed, even where its size and time of modification stay', async () => {
    const hashes = new ContentHashes();
    const time = new Date(2020, 1, 1);
    const write = (text: string): void => {
      writeFileSync(at('model'), text);
      utimesSync(at('model'), time, time);
    };
    for (const text of ['one', 'two', 'six']) {
      write(text);
      assert.equal(await hashes.file(at('model')), sha256(text));
    }
  });

  it('of a data set follow its files and their names, not its place and not what lies beside', async () => {
    const hashes = new ContentHashes();
    const folder = writeData('data');
    const first = await hashes.dataset(folder);
    cpSync(folder, at('copy'), { recursive: true });
    writeFileSync(at('copy/README.txt'), 'about');
    assert.equal(await hashes.dataset(at('copy')), first);
    writeFileSync(at('copy/TINY_node_labels.txt'), '0\n1\n');
    assert.notEqual(await hashes.dataset(at('copy')), first);
    rmSync(at('copy/TINY_node_labels.txt'));
    for (const part of ['A', 'graph_indicator', 'graph_labels']) {
      renameSync(at(`copy/TINY_${part}.txt`), at(`copy/OTHER_${part}.txt`));
    }
    assert.notEqual(await hashes.dataset(at('copy')), first);
  });

  it('of a data set tell apart where one file ends and the next begins', async () => {
    const hashes = new ContentHashes();
    const one = await hashes.dataset(writeData('one', { A: '1, 2\n1\n', graph_indicator: '1\n' }));
    const two = await hashes.dataset(writeData('two', { A: '1, 2\n', graph_indicator: '1\n1\n' }));
    assert.notEqual(one, two);
  });

  it('refuse a folder that is no data set', async () => {
    await assert.rejects(new ContentHashes().dataset(at()), DatasetError);
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatasetError } from '../../../server/src/dataset/dataset';
import { loadDataset } from '../../../server/src/dataset/loadDataset';
import { useTmpFolder } from '../../support/tmpFolder';

const parts: Readonly<Record<string, string>> = {
  'A.txt': '1,2\n',
  'graph_indicator.txt': '1\n1\n',
  'graph_labels.txt': '0\n',
  'node_labels.txt': '0\n1\n',
};

function write(folder: string, name: string, files = parts): void {
  mkdirSync(folder, { recursive: true });
  for (const [part, text] of Object.entries(files)) writeFileSync(path.join(folder, `${name}_${part}`), text);
}

describe('loadDataset', () => {
  const tmp = useTmpFolder();
  const refusal = async (folder: string): Promise<DatasetError> => {
    const error: unknown = await loadDataset(folder).catch((reason: unknown) => reason);
    assert.ok(error instanceof DatasetError, String(error));
    return error;
  };

  it('takes the name from the files, not the folder', async () => {
    write(tmp('some data'), 'NAME');
    const dataset = await loadDataset(tmp('some data'));
    assert.equal(dataset.name, 'NAME');
    assert.equal(dataset.rawGraphs.length, 1);
  });

  it('looks into raw, where PyTorch Geometric keeps its downloads', async () => {
    write(tmp('data', 'raw'), 'NAME');
    assert.equal((await loadDataset(tmp('data'))).name, 'NAME');
  });

  it('says what is wrong with the folder', async () => {
    mkdirSync(tmp('empty'));
    writeFileSync(tmp('file'), '');
    write(tmp('two'), 'FIRST');
    write(tmp('two'), 'SECOND');
    mkdirSync(tmp('odd', 'X_A.txt'), { recursive: true });
    assert.equal(
      (await refusal(tmp('empty'))).message,
      `${tmp('empty')}: no file ends in _A.txt: this is not a TU data set folder`,
    );
    assert.match((await refusal(tmp('nowhere'))).reason, /no such folder/);
    assert.match((await refusal(tmp('file'))).reason, /a file, not a folder/);
    assert.match((await refusal(tmp('two'))).reason, /several data sets in one folder: FIRST, SECOND/);
    assert.match((await refusal(tmp('odd'))).reason, /a folder, not a file/);
  });

  it('names the file and line with its whole path', async () => {
    write(tmp(), 'X', { ...parts, 'A.txt': '1,2\n1,9\n' });
    const error = await refusal(tmp());
    assert.equal(error.file, tmp('X_A.txt'));
    assert.equal(error.line, 2);
  });

  it('names the missing file', async () => {
    write(tmp(), 'X', { 'A.txt': '1,2\n', 'graph_labels.txt': '1\n' });
    assert.equal((await refusal(tmp())).message, `${tmp('X_graph_indicator.txt')}: the file is missing`);
  });
});

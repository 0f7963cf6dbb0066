import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { DatasetError } from '../../../server/src/dataset/dataset';
import { datasetFiles, loadDataset, marksDataset } from '../../../server/src/dataset/loadDataset';
import { ogbData } from '../../support/ogb';
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
      `${tmp('empty')}: no file ends in _A.txt or is called num-node-list.csv.gz: this is no data set folder of TU or OGB`,
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

  it('reads a folder of OGB, or the folder raw in it, under the name of the data set', async () => {
    const dataset = await loadDataset(ogbData);
    assert.equal(dataset.name, 'made_up');
    assert.equal(dataset.rawGraphs.length, 90);
    assert.deepEqual([dataset.attributeWidth, dataset.edgeAttributeWidth], [9, 3]);
    assert.deepEqual(await loadDataset(path.join(ogbData, 'raw')), dataset);
    assert.deepEqual((await datasetFiles(ogbData)).names, [
      ...['edge-feat.csv.gz', 'edge.csv.gz', 'graph-label.csv.gz', 'node-feat.csv.gz'],
      ...['num-edge-list.csv.gz', 'num-node-list.csv.gz'],
    ]);
  });

  it('says which file of OGB is damaged, too large or missing', async () => {
    cpSync(ogbData, tmp('made_up'), { recursive: true });
    const nodes = tmp('made_up/raw/node-feat.csv.gz');
    writeFileSync(nodes, 'no gzip');
    assert.equal((await refusal(tmp('made_up'))).message, `${nodes}: it is no gzip file, or damaged`);
    writeFileSync(nodes, gzipSync(Buffer.alloc(257 * 2 ** 20)));
    assert.equal((await refusal(tmp('made_up'))).message, `${nodes}: it is larger than 256 MiB, more than is read`);
    rmSync(tmp('made_up/raw/edge.csv.gz'));
    writeFileSync(nodes, gzipSync('1\n'));
    assert.match((await refusal(tmp('made_up'))).message, /edge\.csv\.gz: the file is missing$/);
    write(tmp('made_up/raw'), 'TU');
    assert.match((await refusal(tmp('made_up'))).reason, /several data sets in one folder: TU, made_up/);
  });
});

describe('marksDataset', () => {
  it('knows the files that every data set has', () => {
    assert.ok(marksDataset('data/X/X_A.txt'));
    assert.ok(marksDataset('data/made/raw/num-node-list.csv.gz'));
    assert.ok(!marksDataset('data/X/X_graph_labels.txt'));
    assert.ok(!marksDataset('data/made/raw/edge.csv.gz'));
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dataFiles } from '../../../server/src/jobs/dataFiles';
import { useTmpFolder } from '../../support/tmpFolder';

describe('dataFiles', () => {
  const at = useTmpFolder();

  it('names what data sets are read from, in a folder raw too, and nothing else beside it', async () => {
    mkdirSync(at('plain'));
    mkdirSync(at('download/raw'), { recursive: true });
    for (const folder of ['plain', 'download/raw']) {
      writeFileSync(at(folder, 'DS_A.txt'), '');
      writeFileSync(at(folder, 'DS_graph_labels.txt'), '');
      writeFileSync(at(folder, 'notes.txt'), '');
    }
    const names = ['DS_A.txt', 'DS_graph_labels.txt'];
    assert.deepEqual(
      (await dataFiles([at('plain'), at('download'), at('none')])).sort(),
      [...names.map((name) => at('download/raw', name)), ...names.map((name) => at('plain', name))].sort(),
    );
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WorkspaceIndex, type IndexLimits } from '../../../server/src/lsp/workspaceIndex';
import { useTmpFolder } from '../../support/tmpFolder';

describe('WorkspaceIndex', () => {
  const at = useTmpFolder();
  let events: string[];

  function makeIndex(limits?: IndexLimits): WorkspaceIndex {
    const name = (file: string): string => path.relative(at(), file).replaceAll(path.sep, '/');
    return new WorkspaceIndex(
      {
        modelChanged: (file) => events.push(`changed ${name(file)}`),
        modelRemoved: (file) => events.push(`removed ${name(file)}`),
        dataChanged: (folder) => events.push(`data ${name(folder)}`),
        limitReached: (message) => events.push(`limit: ${message}`),
      },
      limits,
    );
  }

  function put(file: string, content: string | Uint8Array = 'x'): string {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), content);
    return at(file);
  }

  const putData = (folder: string): string[] =>
    ['A', 'graph_indicator', 'graph_labels'].map((part) => put(`${folder}/D_${part}.txt`));

  /** What happened since the last call, sorted. */
  const happened = (): string[] => events.splice(0).sort();

  beforeEach(() => {
    events = [];
  });

  it('finds models and data sets, and passes over what is excluded', async () => {
    for (const file of ['a.pt', 'x/B.PTH', 'x/c.safetensors', 'x/notes.txt', 'node_modules/d.pt', 'old/e.pt'])
      put(file);
    putData('data/D');
    put('half/D_A.txt');
    const index = makeIndex();
    await index.setFolders([at()], () => ['old/**']);
    assert.deepEqual(happened(), ['changed a.pt', 'changed x/B.PTH', 'changed x/c.safetensors', 'data data/D']);
    assert.deepEqual([...index.dataFolders.keys()], [at('data/D')]);
  });

  it('finds the data sets of OGB, and hears of their changes', async () => {
    const parts = ['edge', 'graph-label', 'num-edge-list', 'num-node-list'].map((part) => `made/raw/${part}.csv.gz`);
    const [edges, ...others] = parts.map((part) => put(part));
    const index = makeIndex();
    await index.setFolders([at()], () => []);
    assert.deepEqual(happened(), ['data made/raw']);
    const features = put('made/raw/edge-feat.csv.gz');
    await index.refresh([features]);
    assert.deepEqual(happened(), ['data made/raw']);
    rmSync(edges);
    await index.refresh([edges, ...others]);
    assert.deepEqual([...index.dataFolders.keys()], []);
  });

  it('takes a .bin file only where it begins like a checkpoint', async () => {
    put('zip.bin', 'PK\x03\x04...');
    put('pickle.bin', Uint8Array.of(0x80, 2, 0x4e, 0x2e));
    put('firmware.bin', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46));
    put('empty.bin', '');
    await makeIndex().setFolders([at()], () => []);
    assert.deepEqual(happened(), ['changed pickle.bin', 'changed zip.bin']);
  });

  it('hears of changed, replaced and removed files, each once', async () => {
    const [a, b] = [put('a.pt'), put('b.pt')];
    const index = makeIndex();
    await index.setFolders([at()], () => []);
    happened();
    await index.refresh([a, b]);
    assert.deepEqual(happened(), []);
    put('a.pt', 'longer');
    rmSync(b);
    await index.refresh([a, b, b]);
    assert.deepEqual(happened(), ['changed a.pt', 'removed b.pt']);
    // Of the same size and with its old time: only the time of the status change tells.
    writeFileSync(a, 'forged');
    utimesSync(a, new Date(0), new Date(0));
    await index.refresh([a]);
    assert.deepEqual(happened(), ['changed a.pt']);
  });

  it('follows folders that are moved or deleted', async () => {
    put('x/y/a.pt');
    putData('x/D');
    const index = makeIndex();
    await index.setFolders([at()], () => []);
    happened();
    renameSync(at('x'), at('z'));
    await index.refresh([at('x'), at('z')]);
    assert.deepEqual(happened(), ['changed z/y/a.pt', 'data x/D', 'data z/D', 'removed x/y/a.pt']);
    rmSync(at('z'), { recursive: true });
    await index.refresh([at('z')]);
    assert.deepEqual(happened(), ['data z/D', 'removed z/y/a.pt']);
    assert.equal(index.dataFolders.size, 0);
  });

  it('notices when a data set becomes whole and when it changes', async () => {
    const index = makeIndex();
    await index.setFolders([at()], () => []);
    const files = ['A', 'graph_indicator'].map((part) => put(`D/D_${part}.txt`));
    await index.refresh(files);
    assert.deepEqual(happened(), []);
    await index.refresh([put('D/D_graph_labels.txt')]);
    assert.deepEqual(happened(), ['data D']);
    await index.refresh([put('D/D_node_labels.txt')]);
    assert.deepEqual(happened(), ['data D']);
    await index.setFolders([at()], () => []);
    assert.deepEqual(happened(), []);
  });

  it('forgets what lies in a folder that leaves the workspace or is excluded', async () => {
    put('one/a.pt');
    put('two/b.pt');
    const index = makeIndex();
    await index.setFolders([at('one'), at('two')], () => []);
    assert.equal(index.rootOf(at('two/b.pt')), at('two'));
    happened();
    await index.setFolders([at('one')], () => []);
    assert.deepEqual(happened(), ['removed two/b.pt']);
    await index.refresh([at('two/b.pt')]);
    await index.setFolders([at('one')], () => ['*.pt']);
    assert.deepEqual(happened(), ['removed one/a.pt']);
    assert.equal(index.rootOf(at('two/b.pt')), undefined);
  });

  it('says when it did not look at everything', async () => {
    for (const name of ['a', 'b', 'c']) put(`${name}.pt`);
    await makeIndex({ models: 2, files: 100 }).setFolders([at()], () => []);
    const [limit, ...models] = happened().reverse();
    assert.deepEqual(models, ['changed b.pt', 'changed a.pt']);
    assert.match(limit, /searched only in part/);
  });

  (process.platform === 'win32' ? it.skip : it)(
    'follows links to files, not to folders, and survives loops',
    async () => {
      put('real/a.pt');
      symlinkSync('real/a.pt', at('link.pt'));
      symlinkSync('.', at('loop'));
      symlinkSync('nowhere', at('broken.pt'));
      await makeIndex().setFolders([at()], () => []);
      assert.deepEqual(happened(), ['changed link.pt', 'changed real/a.pt']);
    },
  );
});

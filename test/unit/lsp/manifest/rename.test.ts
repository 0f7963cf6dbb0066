import assert from 'node:assert/strict';
import path from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { renameEdits } from '../../../../server/src/lsp/manifest/rename';
import { openManifest } from '../../../support/manifestWorld';

describe('renaming what a manifest names', () => {
  const root = path.resolve('/w');
  const at = (file: string): string => path.join(root, file);
  /** @param folder of the manifest */
  function after(manifest: object, moves: Readonly<Record<string, string>>, folder = ''): unknown {
    const { view } = openManifest(at(folder), JSON.stringify(manifest));
    const list = Object.entries(moves).map(([from, to]) => ({ from: at(from), to: at(to) }));
    return JSON.parse(TextDocument.applyEdits(view.document, renameEdits(view, list, root)));
  }

  it('follows files and folders', () => {
    const manifest = { data: { folder: 'data/A', cleanIds: 'data/ids.json' }, models: [{ model: 'm/gin.pt' }] };
    assert.deepEqual(after(manifest, { 'm/gin.pt': 'm/new.pt' }), { ...manifest, models: [{ model: 'm/new.pt' }] });
    assert.deepEqual(after(manifest, { data: 'sets' }), {
      ...manifest,
      data: { folder: 'sets/A', cleanIds: 'sets/ids.json' },
    });
    assert.deepEqual(after(manifest, { 'm/other.pt': 'x.pt', mm: 'y' }), manifest);
  });

  it('changes of a pattern the folders before it', () => {
    const models = [{ model: 'm/a/*.pt' }, { model: '*.pt' }, { model: 'm/**/x.pt' }];
    assert.deepEqual(after({ models }, { m: 'n' }), {
      models: [{ model: 'n/a/*.pt' }, { model: '*.pt' }, { model: 'n/**/x.pt' }],
    });
    assert.deepEqual(after({ purify: { output: 'out/{name}.pt' } }, { out: 'clean/out' }), {
      purify: { output: 'clean/out/{name}.pt' },
    });
  });

  it('follows the manifest itself where it moves and its files do not, or both do', () => {
    const manifest = { data: { folder: '../data' }, models: [{ model: 'gin.pt' }] };
    assert.deepEqual(after(manifest, { m: 'a/m' }, 'm'), {
      data: { folder: '../../data' },
      models: [{ model: 'gin.pt' }],
    });
    assert.deepEqual(after(manifest, { 'm/gin.pt': 'm/new.pt' }, 'm'), { ...manifest, models: [{ model: 'new.pt' }] });
  });

  it('leaves alone what would lead outside, and what does so now', () => {
    const manifest = { models: [{ model: 'm/gin.pt', trigger: '../t.json' }] };
    assert.deepEqual(after(manifest, { 'm/gin.pt': '../gin.pt', '../t.json': 't.json' }), manifest);
  });
});

import assert from 'node:assert/strict';
import { parse } from 'jsonc-parser';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { stateArchitecture } from '../../../../server/src/lsp/manifest/statedArchitecture';
import { openManifest } from '../../../support/manifestWorld';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('stating an architecture in a manifest', () => {
  const at = useTmpFolder();
  const assumed = { readout: 'sum', lastActivation: true };

  /** The text afterwards, and the part of it that is shown. */
  function stated(text: string, model = 'gin.pt'): { readonly after: string; readonly shown: unknown } {
    const { view } = openManifest(at(), text);
    const { edits, range } = stateArchitecture(view, model, assumed) ?? assert.fail();
    const after = TextDocument.applyEdits(view.document, edits);
    return { after, shown: parse(TextDocument.create('', '', 0, after).getText(range)) };
  }

  it('adds to the entry of the model, and keeps what that says, and comments', () => {
    const own =
      '{\n  "models": [\n    // mine\n    { "model": "./gin.pt", "seed": 3, "architecture": { "readout": "max" } }\n  ]\n}';
    const { after, shown } = stated(own);
    assert.deepEqual(parse(after), {
      models: [{ model: './gin.pt', seed: 3, architecture: { readout: 'max', lastActivation: true } }],
    });
    assert.match(after, /\/\/ mine/);
    assert.deepEqual(shown, { readout: 'max', lastActivation: true });
  });

  it('gives a model that a pattern stands for an entry of its own, which says the same besides', () => {
    const pattern = { model: '*.pt', data: { folder: 'data' } };
    const { after, shown } = stated(JSON.stringify({ models: [pattern] }));
    assert.deepEqual(parse(after), {
      models: [pattern, { model: 'gin.pt', data: { folder: 'data' }, architecture: assumed }],
    });
    assert.deepEqual(shown, assumed);
  });

  it('adds the first entry, and the list for it', () => {
    for (const text of ['', '{}', '{"models": []}', '{"seed": 1}']) {
      const { after, shown } = stated(text);
      assert.deepEqual(
        (parse(after) as { models: unknown }).models,
        [{ model: 'gin.pt', architecture: assumed }],
        text,
      );
      assert.deepEqual(shown, assumed);
    }
  });

  it('does not touch broken JSON', () => {
    for (const text of ['{"models": [', '{"models": [{"model": "gin.pt" "seed": 1}]}']) {
      assert.equal(stateArchitecture(openManifest(at(), text).view, 'gin.pt', assumed), undefined, text);
    }
  });

  it('adds behind entries of other models', () => {
    const { after } = stated('{"models": [{"model": "gcn.pt"}]}');
    assert.deepEqual(parse(after), { models: [{ model: 'gcn.pt' }, { model: 'gin.pt', architecture: assumed }] });
  });
});

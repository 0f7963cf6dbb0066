import assert from 'node:assert/strict';
import { parse } from 'jsonc-parser';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { problemsOf } from '../../../../server/src/lsp/manifest/diagnostics';
import { quickFixes } from '../../../../server/src/lsp/manifest/quickFixes';
import { gin, makeWorld, openManifest } from '../../../support/manifestWorld';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('quick fixes in a manifest', () => {
  const at = useTmpFolder();

  /** Titles of the fixes at the mark, and what the text is after each. */
  async function fixes(marked: string): Promise<Map<string, string>> {
    const world = makeWorld(at(), {
      models: { 'gin.pt': { architecture: gin() }, 'gcn.pt': { architecture: gin() }, 'sage.pt': {} },
      data: { 'data/AIDS': { name: 'AIDS', graphs: 10, classes: 2, widths: { labels: 5, 'labels-dense': 4 } } },
    });
    const { view, position } = openManifest(at(), marked);
    const range = { start: position, end: position };
    const actions = quickFixes(view, world, await problemsOf(view, world), range);
    return new Map(
      actions.map(({ title, edit }) => [
        title,
        TextDocument.applyEdits(view.document, edit?.changes?.[view.document.uri] ?? []),
      ]),
    );
  }

  it('put in what was probably meant', async () => {
    assert.equal((await fixes('{"se|de": 1}')).get('Change to "seed"'), '{"seed": 1}');
    assert.equal((await fixes('{"failOn": "w|arn"}')).get('Change to "warning"'), '{"failOn": "warning"}');
    assert.equal((await fixes('{"models": [{"model": "g|ni.pt"}]}')).get('Change to "gin.pt"'), '{"models": [{"model": "gin.pt"}]}'); // prettier-ignore
    const text = '{"models": [{"model": "gin.pt", "data": {"folder": "data/AIDS", "features": "labels-|dense"}}]}';
    assert.equal((await fixes(text)).get('Change to "labels"'), text.replace('labels-|dense', 'labels'));
  });

  it('take out what is not known, with its comma', async () => {
    const unknown = await fixes('{\n  // kept\n  "seed": 1,\n  "what|ever": { "a": [1] }\n}');
    assert.equal(unknown.get('Remove "whatever"'), '{\n  // kept\n  "seed": 1\n}');
    const options = await fixes('{"purify": {"options": {"b|atches": 3, "batch": 4}}}');
    assert.deepEqual(parse(options.get('Remove "batches"') ?? ''), { purify: { options: { batch: 4 } } });
    const twice = await fixes('{"models": [{"model": "gin.pt", "seed": 1}, {"model": "gi|n.pt"}]}');
    assert.deepEqual(parse(twice.get('Remove this entry') ?? ''), { models: [{ model: 'gin.pt', seed: 1 }] });
  });

  it('add entries for models that have none', async () => {
    const text = '{\n  // one\n  "mo|dels": [\n    { "model": "gin.pt" } // the first\n  ]\n}\n';
    const found = await fixes(text);
    assert.deepEqual(
      [...found.keys()],
      ['Add an entry for gcn.pt', 'Add an entry for sage.pt', 'Add entries for all 2 models without one'],
    );
    const all = found.get('Add entries for all 2 models without one') ?? '';
    assert.deepEqual(parse(all), { models: [{ model: 'gin.pt' }, { model: 'gcn.pt' }, { model: 'sage.pt' }] });
    assert.match(all, /\/\/ one[^]*\/\/ the first/);
    const first = await fixes('{|}');
    assert.deepEqual(parse(first.get('Add an entry for gcn.pt') ?? ''), { models: [{ model: 'gcn.pt' }] });
    assert.deepEqual([...(await fixes('{"models": [{"model": "*.pt"|}]}')).keys()], []);
  });

  it('are offered where the problem is, and nowhere else', async () => {
    assert.deepEqual([...(await fixes('{"sede": 1, "x|": 2, "models": []}')).keys()], ['Remove "x"']);
  });
});

import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CompletionItem, TextEdit } from 'vscode-languageserver/node';
import { completions } from '../../../../server/src/lsp/manifest/completion';
import { gin, makeWorld, openManifest } from '../../../support/manifestWorld';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('completion in a manifest', () => {
  const at = useTmpFolder();

  async function complete(
    marked: string,
    clientHasSchema = false,
  ): Promise<{ labels: string[]; items: CompletionItem[]; taking: (label: string) => string }> {
    const world = makeWorld(at(), {
      models: { 'models/gin.pt': { architecture: gin() }, 'models/gcn.pt': {}, 'old.safetensors': {} },
      data: { 'data/AIDS': { name: 'AIDS', graphs: 10, classes: 2, widths: {} } },
      files: { 'ids/clean.json': '[]', 'ids/notes.txt': '', 'trigger.json': '{}', 'graphnad.json': '{}' },
    });
    const { view, position, text } = openManifest(at(), marked);
    const items = await completions(view, world, position, clientHasSchema);
    const taking = (label: string): string => {
      const edit = items.find((item) => item.label === label)?.textEdit as TextEdit | undefined;
      return TextDocument.applyEdits(TextDocument.create('', '', 0, text), [edit ?? assert.fail(`no ${label}`)]);
    };
    return { labels: items.map(({ label }) => label).sort(), items, taking };
  }

  it('offers models that have no entry, and patterns', async () => {
    const { labels, taking } = await complete('{"models": [{"model": "models/gcn.pt"}, {"model": "mo|"}]}');
    assert.deepEqual(labels, ['*.safetensors', 'models/*.pt', 'models/gin.pt', 'old.safetensors']);
    assert.equal(taking('models/gin.pt'), '{"models": [{"model": "models/gcn.pt"}, {"model": "models/gin.pt"}]}');
    const empty = await complete('{"models": [{"model": |}]}');
    assert.equal(empty.taking('models/gcn.pt'), '{"models": [{"model": "models/gcn.pt"}]}');
  });

  it('offers data sets with their size, files of ids, triggers and outputs', async () => {
    const data = await complete('{"data": {"folder": "|"}}');
    assert.deepEqual(data.labels, ['data/AIDS']);
    assert.equal(data.items[0].detail, 'AIDS, 10 graphs');
    const ids = await complete('{"data": {"folder": "d", "cleanIds": "|"}}');
    assert.deepEqual(ids.labels, ['data/', 'ids/', 'models/', 'trigger.json']);
    assert.deepEqual((await complete('{"data": {"cleanIds": "ids/|"}}')).labels, ['ids/clean.json']);
    assert.deepEqual((await complete('{"data": {"cleanIds": "../|"}}')).labels, []);
    assert.ok((await complete('{"models": [{"trigger": "|"}]}')).labels.includes('trigger.json'));
    assert.ok((await complete('{"purify": {"output": "|"}}')).labels.includes('{name}.purified.pt'));
  });

  it('offers the settings of the method with their defaults, and no other', async () => {
    const all = await complete('{"purify": {"method": "anp", "options": {|}}}', true);
    assert.ok(all.labels.length > 0 && !all.labels.includes('teacherRounds'));
    const robust = await complete('{"purify": {"options": {"|"}}}', true);
    assert.equal(robust.taking('teacherRounds'), '{"purify": {"options": {"teacherRounds": 8}}}');
    assert.match(JSON.stringify(robust.items), /Default 8; a whole number from 1/);
    const second = await complete('{"purify": {"options": {"teacherRounds": 4, "|"}}}', true);
    assert.ok(!second.labels.includes('teacherRounds') && second.labels.includes('studentRounds'));
    const value = await complete('{"purify": {"options": {"oversample": |}}}', true);
    assert.deepEqual(value.labels, ['false', 'true']);
    const inherited = await complete('{"purify": {"method": "finetune"}, "models": [{"model": "a.pt", "purify": {"options": {"|"}}}]}'); // prettier-ignore
    assert.ok(!inherited.labels.includes('teacherRounds') && inherited.labels.includes('fineTuneEpochs'));
  });

  it('offers properties and words, unless the editor takes them from the schema', async () => {
    const parts = await complete('{"models": [{"model": "a", "architecture": {"kind": "gin", "|"}}]}');
    assert.ok(parts.labels.includes('batchNorm') && !parts.labels.includes('kind') && !parts.labels.includes('seed'));
    assert.deepEqual((await complete('{"seed": 1, "|"}')).labels.includes('seed'), false);
    assert.deepEqual((await complete('{"failOn": "|"}')).labels, ['error', 'never', 'warning']);
    assert.ok((await complete('{"purify": {"method": "gr|"}}')).labels.includes('graphnad-paper'));
    assert.ok((await complete('{"models": [{"architecture": {"kind": "|"}}]}')).labels.includes('gatv2'));
    assert.deepEqual((await complete('{"failOn": "|"}', true)).labels, []);
    assert.deepEqual((await complete('{"|"}', true)).labels, []);
    assert.deepEqual((await complete('{"models": [{"model": "|"}]}', true)).labels.length, 5);
  });

  it('offers nothing where nothing is known', async () => {
    for (const marked of ['|', '{"nothing": {"x": "|"}}', '{"seed": |}', '// |']) {
      const { labels } = await complete(marked, true);
      assert.deepEqual(labels, [], marked);
    }
  });
});

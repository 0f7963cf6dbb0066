import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextEdit } from 'vscode-languageserver/node';
import type { TensorSummary } from '../../../../protocol/model';
import { completions } from '../../../../server/src/lsp/manifest/completion';
import { problemsOf } from '../../../../server/src/lsp/manifest/diagnostics';
import { hoverAt } from '../../../../server/src/lsp/manifest/hover';
import { quickFixes } from '../../../../server/src/lsp/manifest/quickFixes';
import type { ManifestWorld } from '../../../../server/src/lsp/manifest/world';
import { gin, makeWorld, openManifest } from '../../../support/manifestWorld';
import { useTmpFolder } from '../../../support/tmpFolder';

const tensors: readonly TensorSummary[] = [
  { name: 'enc.a.fc.weight', dtype: 'float32', shape: [16, 5] },
  { name: 'enc.a.fc.bias', dtype: 'float32', shape: [16] },
  { name: 'enc.a.eps', dtype: 'float32', shape: [] },
  { name: 'head.weight', dtype: 'float32', shape: [2, 16] },
];

/** An entry with a table of names; `|` is a place in it. */
const entry = (table: string, more = ''): string =>
  `{"models": [{"model": "m/gin.pt", "architecture": {${more}"tensors": {${table}}}}]}`;

describe('names of tensors in a manifest', () => {
  const at = useTmpFolder();
  let world: ManifestWorld;
  beforeEach(() => {
    world = makeWorld(at(), {
      models: {
        'm/gin.pt': { architecture: gin(), tensors },
        'm/zz.pt': { architecture: gin(), tensors: tensors.slice(3) },
        'm/unread.pt': { architecture: gin() },
      },
    });
  });

  /** What is offered at the mark, and the text after an item was taken. */
  async function complete(marked: string): Promise<{ labels: string[]; taking: (label: string) => string }> {
    const { view, position, text } = openManifest(at(), marked);
    const items = await completions(view, world, position, true);
    const sorted = [...items].sort((a, b) => (a.sortText ?? '').localeCompare(b.sortText ?? ''));
    const taking = (label: string): string => {
      const edit = items.find((item) => item.label === label)?.textEdit as TextEdit | undefined;
      return TextDocument.applyEdits(TextDocument.create('', '', 0, text), [edit ?? assert.fail(`no ${label}`)]);
    };
    return { labels: sorted.map(({ label, detail = '' }) => `${label} (${detail})`), taking };
  }

  async function problems(marked: string): Promise<{ found: string[]; fixed: Map<string, string> }> {
    const { view, position, text } = openManifest(at(), marked);
    const all = await problemsOf(view, world);
    const actions = quickFixes(view, world, all, { start: position, end: position });
    return {
      found: all.map(
        ({ code, message, offset, length }) => `${code} ${text.slice(offset, offset + length)}: ${message}`,
      ),
      fixed: new Map(
        actions.map(({ title, edit }) => [
          title,
          TextDocument.applyEdits(view.document, edit?.changes?.[view.document.uri] ?? []),
        ]),
      ),
    };
  }

  async function hover(marked: string): Promise<string | undefined> {
    const { view, position } = openManifest(at(), marked);
    const found = await hoverAt(view, world, position, true);
    return found && (found.contents as { value: string }).value;
  }

  it('are offered from the file, in its order, those that stand there already left out', async () => {
    const { labels, taking } = await complete(entry('"head": "lin", "|"'));
    assert.deepEqual(labels, [
      'enc (module of 3 tensors)',
      'enc.a (module of 3 tensors)',
      'enc.a.fc (module of 2 tensors)',
      'enc.a.fc.weight (float32, 16 × 5)',
      'enc.a.fc.bias (float32, 16)',
      'enc.a.eps (float32, a single number)',
      'head.weight (float32, 2 × 16)',
    ]);
    assert.equal(taking('enc.a.fc'), entry('"head": "lin", "enc.a.fc": ""'));
    assert.equal((await complete(entry('"x|": "lin"'))).taking('head'), entry('"head": "lin"'));
  });

  it('are offered from the first model that a pattern stands for, and from none that cannot be read', async () => {
    const pattern = await complete(entry('"|"').replace('gin.pt', 'z*.pt'));
    assert.deepEqual(pattern.labels, ['head (module of 1 tensor)', 'head.weight (float32, 2 × 16)']);
    assert.deepEqual((await complete(entry('"|"').replace('gin.pt', 'unread.pt'))).labels, []);
    world = { ...world, looksIntoFiles: false };
    assert.deepEqual((await complete(entry('"|"'))).labels, []);
  });

  it('are given the usual ones: modules to modules, tensors to tensors, of the kind and number of layers', async () => {
    const whole = await complete(entry('"head": "lin", "enc.a.fc": "|"', '"kind": "gcn", "layers": 2, '));
    assert.deepEqual(whole.labels, ['convs.0 ()', 'convs.0.lin ()', 'bns.0 ()', 'convs.1 ()', 'convs.1.lin ()', 'bns.1 ()']); // prettier-ignore
    assert.equal(
      whole.taking('convs.1'),
      entry('"head": "lin", "enc.a.fc": "convs.1"', '"kind": "gcn", "layers": 2, '),
    );
    const single = await complete(entry('"enc.a.eps": "|"', '"layers": 1, '));
    assert.ok(single.labels.includes('convs.0.eps ()') && single.labels.includes('lin.bias ()'));
    assert.ok(single.labels.every((label) => !label.startsWith('convs.1')));
  });

  it('that are not in the file, and two for one, are errors with fixes', async () => {
    const wrong = await problems(entry('"enc.a.|fk": "convs.0.nn.0"'));
    assert.deepEqual(wrong.found, ['tensor "enc.a.fk": gin.pt has no module or tensor enc.a.fk']);
    assert.equal(wrong.fixed.get('Change to "enc.a.fc"'), entry('"enc.a.fc": "convs.0.nn.0"'));
    assert.equal(wrong.fixed.get('Remove "enc.a.fk"')?.replace(/\s/g, ''), entry('').replace(/\s/g, ''));
    const deep = await problems(entry('"f|c": "convs.0.nn.0"'));
    assert.equal(deep.fixed.get('Change to "enc.a.fc"'), entry('"enc.a.fc": "convs.0.nn.0"'));
    const twice = await problems(entry('"head": "lin", "enc.a.fc": "lin"'));
    assert.deepEqual(twice.found, ['tensor "lin": "head" is called "lin" already']);
    assert.deepEqual((await problems(entry('"enc.a": "convs.0", "head.weight": "lin.weight"'))).found, []);
    assert.deepEqual((await problems(entry('"any": "lin"').replace('gin.pt', 'unread.pt'))).found, []);
  });

  it('tell in hovers what they stand for', async () => {
    assert.equal(await hover(entry('"enc.a.f|c": "convs.0.nn.0"')), '`enc.a.fc`: module of 2 tensors');
    assert.equal(await hover(entry('"head.weight": "lin.w|eight"')), '`head.weight`: float32, 2 × 16');
    assert.equal(await hover(entry('"no|ne": "lin"')), 'There is no such module or tensor in the file.');
  });
});

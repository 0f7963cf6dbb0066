import assert from 'node:assert/strict';
import { codeLenses } from '../../../../server/src/lsp/manifest/lenses';
import { documentLinks } from '../../../../server/src/lsp/manifest/links';
import { hoverAt } from '../../../../server/src/lsp/manifest/hover';
import { toUri } from '../../../../server/src/lsp/fileUri';
import type { ManifestWorld } from '../../../../server/src/lsp/manifest/world';
import { gin, makeWorld, openManifest } from '../../../support/manifestWorld';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('what a manifest shows of files', () => {
  const at = useTmpFolder();
  let world: ManifestWorld;
  beforeEach(() => {
    world = makeWorld(at(), {
      models: {
        'm/gin.pt': {
          architecture: gin(),
          lastScan: { text: 'likely backdoored toward class 1', reached: '2025-03-04T05:06:07.000Z' },
        },
        'm/odd.pt': { failure: 'no [layer](x) of a known kind' },
      },
      data: { 'data/AIDS': { name: 'AIDS', graphs: 10, classes: 2, widths: {} } },
      files: { 'trigger.json': '{}' },
    });
  });

  async function hover(marked: string, clientHasSchema = false): Promise<string | undefined> {
    const { view, position } = openManifest(at(), marked);
    const found = await hoverAt(view, world, position, clientHasSchema);
    return found && (found.contents as { value: string }).value;
  }

  it('hovers tell architecture and last verdict of a model', async () => {
    assert.equal(
      await hover('{"models": [{"model": "m/gi|n.pt"}]}'),
      '**GIN, 3 layers, 5 → 16 → 2, BatchNorm, sum readout**\n\n' +
        'Likely backdoored toward class 1, scanned 2025-03-04 05:06 UTC.',
    );
    const odd = await hover('{"models": [{"model": "m/od|d.pt"}]}');
    assert.equal(odd, 'Architecture not recognised: no \\[layer\\]\\(x\\) of a known kind.\n\nNot scanned yet.');
    assert.match((await hover('{"models": [{"model": "m/*|.pt"}]}')) ?? '', /2 model files[^]*gin\.pt.*Likely[^]*odd/);
    assert.equal(await hover('{"models": [{"benign": "no|ne.pt"}]}'), 'There is no such file.');
  });

  it('hovers tell the size of data, and what settings and properties are', async () => {
    assert.equal(await hover('{"data": {"folder": "data/A|IDS"}}'), '**AIDS**, 10 graphs');
    assert.match(
      (await hover('{"purify": {"options": {"teach|erRounds": 3}}}', true)) ?? '',
      /method graphnad\. Default 8/,
    );
    assert.match((await hover('{"fail|On": "error"}')) ?? '', /exit with code 1/);
    assert.equal(await hover('{"fail|On": "error"}', true), undefined);
    assert.equal(await hover('{"what|": 1}'), undefined);
    assert.equal(await hover('|'), undefined);
  });

  it('lenses scan, purify and compare each model, and count those of a pattern', async () => {
    const { view, text } = openManifest(
      at(),
      '{"models": [{"model": "m/gin.pt"}, {"model": "m/*.pt"}, {"model": "x.pt"}]}',
    );
    const lenses = await codeLenses(view, world);
    assert.deepEqual(
      lenses.map(({ command }) => [command?.title, command?.command]),
      [
        ['Scan', 'graphnad.scanModel'],
        ['Purify...', 'graphnad.purifyModel'],
        ['Compare attention', 'graphnad.compareAttention'],
        ['1 model file', ''],
      ],
    );
    assert.deepEqual(lenses[0].command?.arguments, [{ uri: toUri(at('m/gin.pt')) }]);
    assert.equal(view.document.offsetAt(lenses[0].range.start), text.indexOf('"m/gin.pt"'));
  });

  it('look at nothing outside, not even whether it is there', async () => {
    const asked: string[] = [];
    const watched = { ...world, kindOf: (file: string) => (asked.push(file), Promise.resolve('file' as const)) };
    for (const outside of ['../m.pt', '/m.pt', '//host/share/m.pt', '\\\\host\\share\\m.pt']) {
      const manifest = JSON.stringify({ models: [{ model: outside, benign: outside, trigger: outside }] });
      const { view } = openManifest(at(), manifest);
      assert.deepEqual(await codeLenses(view, watched), []);
      assert.deepEqual(await documentLinks(view, watched), []);
      const text = 'Leads outside, so it is not looked at.';
      assert.equal(await hover(manifest.replace('"model":"', '"model":"|')), text);
    }
    assert.deepEqual(asked, []);
  });

  it('links lead to files that are there, and never outside', async () => {
    const { view } = openManifest(
      at(),
      JSON.stringify({
        data: { folder: 'data/AIDS', cleanIds: 'none.json' },
        models: [{ model: 'm/gin.pt', trigger: 'trigger.json', benign: '../m.pt', purify: { output: 'm/gin.pt' } }],
      }),
    );
    assert.deepEqual(
      (await documentLinks(view, world)).map(({ target }) => target),
      [at('data/AIDS/AIDS_graph_labels.txt'), at('m/gin.pt'), at('trigger.json')].map(toUri),
    );
  });
});

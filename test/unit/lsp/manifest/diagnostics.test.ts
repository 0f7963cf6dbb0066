import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import type { ManifestProblem } from '../../../../server/src/jobs/manifest/problem';
import { manifestDiagnostics, problemsOf } from '../../../../server/src/lsp/manifest/diagnostics';
import { gin, makeWorld, openManifest } from '../../../support/manifestWorld';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('problems of a manifest', () => {
  const at = useTmpFolder();

  async function look(
    manifest: object,
    looksIntoFiles = true,
  ): Promise<{ problems: ManifestProblem[]; found: string[] }> {
    const whole = makeWorld(at(), {
      models: {
        'models/gin.pt': { architecture: gin() },
        'models/wide.pt': { architecture: gin({ inputs: 38 }) },
        'models/odd.pt': { failure: 'no layer of a known kind' },
      },
      data: {
        'data/AIDS': { name: 'AIDS', graphs: 10, classes: 2, widths: { labels: 5, 'labels-dense': 4, degree: 7 } },
        'data/WIDE': { name: 'WIDE', graphs: 20, classes: 2, widths: { labels: 38 } },
      },
      files: { 'ids.json': '[0, 9]', 'beyond.json': '[3, 10]', 'broken.json': '{' },
    });
    const { view, text } = openManifest(at(), JSON.stringify(manifest));
    const problems = await problemsOf(view, { ...whole, looksIntoFiles });
    return {
      problems,
      found: problems.map(({ code, offset, length }) => `${code}: ${text.slice(offset, offset + length)}`),
    };
  }
  const one = (parts: object): object => ({ models: [{ model: 'models/gin.pt', ...parts }] });

  it('are none where everything fits', async () => {
    const { found } = await look({
      data: { folder: 'data/AIDS' },
      models: [
        {
          model: 'models/gin.pt',
          data: { folder: 'data/AIDS', features: 'labels', cleanIds: 'ids.json' },
          classNames: ['a', 'b'],
          benign: 'models/wide.pt',
          purify: { output: '{name}.clean.pt' },
        },
        { model: 'models/w*.pt', data: { folder: 'data/WIDE' } },
      ],
    });
    assert.deepEqual(found, []);
  });

  it('are looked for in no model or data set where nobody trusts the workspace', async () => {
    const manifest = { models: [{ model: 'models/wide.pt', data: { folder: 'data/AIDS' } }, { model: 'none.pt' }] };
    assert.deepEqual((await look(manifest)).found, ['data: "data/AIDS"', 'missing-file: "none.pt"']);
    assert.deepEqual((await look(manifest, false)).found, ['missing-file: "none.pt"']);
  });

  it('offer what was meant for the first of many alone', async () => {
    const models = Array.from({ length: 80 }, (_, i) => ({ model: `models/gni${i}.pt` }));
    const { problems } = await look({ models });
    assert.equal(problems.length, 80);
    assert.equal(problems.filter(({ instead }) => instead !== undefined).length, 50);
  });

  it('name what is not there, and what is like it', async () => {
    const { problems, found } = await look({ models: [{ model: 'models/gni.pt' }, { model: 'old/*.pt' }] });
    assert.deepEqual(found, ['missing-file: "models/gni.pt"', 'no-match: "old/*.pt"']);
    assert.deepEqual(problems[0].instead?.[0], 'models/gin.pt');
    assert.deepEqual(
      problems.map(({ severity }) => severity),
      ['warning', 'warning'],
    );
    const data = await look(one({ data: { folder: 'data/AID', cleanIds: 'id.json' }, trigger: 't.json' }));
    assert.deepEqual(data.found, ['missing-file: "data/AID"', 'missing-file: "id.json"', 'missing-file: "t.json"']);
    assert.equal(data.problems[0].instead?.[0], 'data/AIDS');
    assert.deepEqual(data.problems[1].instead, ['ids.json']);
    const output = await look(one({ purify: { output: 'nowhere/{name}.pt' } }));
    assert.deepEqual(output.found, ['missing-file: "nowhere/{name}.pt"']);
  });

  it('name paths that lead outside', async () => {
    assert.deepEqual((await look(one({ trigger: '../t.json' }))).found, ['path: "../t.json"']);
    assert.deepEqual((await look(one({ data: { folder: '/data' } }))).found, ['path: "/data"']);
    symlinkSync(path.dirname(at()), at('out'));
    const { problems } = await look(one({ data: { folder: 'out/data' } }));
    assert.match(problems[0].message, /by a link/);
  });

  it('name the widths where model and data do not fit, and what would', async () => {
    const auto = await look({ models: [{ model: 'models/wide.pt', data: { folder: 'data/AIDS' } }] });
    assert.deepEqual(auto.found, ['data: "data/AIDS"']);
    assert.match(auto.problems[0].message, /takes 38 features per node; AIDS gives labels 5/);
    assert.deepEqual(auto.problems[0].instead, ['data/WIDE']);
    const named = await look(one({ data: { folder: 'data/AIDS', features: 'labels-dense' } }));
    assert.deepEqual(named.found, ['data: "labels-dense"']);
    assert.match(named.problems[0].message, /gin\.pt takes 5 features per node.*labels would fit/);
    assert.deepEqual(named.problems[0].instead, ['labels']);
    assert.deepEqual((await look(one({ data: { folder: 'data/AIDS', features: 'degree' } }))).found, [], 'to measure');
    const shared = await look({ data: { folder: 'data/AIDS' }, models: [{ model: 'models/wide.pt' }] });
    assert.deepEqual(shared.found, ['data: "models/wide.pt"'], 'the entry is where it can be mended');
    const pattern = await look({ data: { folder: 'data/AIDS' }, models: [{ model: 'models/[gw]*.pt' }] });
    assert.deepEqual(pattern.found, ['data: "models/[gw]*.pt"']);
  });

  it('name architectures that are not known or not as vouched for, and names of classes', async () => {
    const unknown = await look({ models: [{ model: 'models/odd.pt' }] });
    assert.deepEqual(unknown.found, ['architecture: "models/odd.pt"']);
    assert.match(unknown.problems[0].message, /odd\.pt cannot be assessed for backdoors: no layer of a known kind/);
    const vouched = await look({ models: [{ model: 'models/odd.pt', architecture: { kind: 'gin' } }] });
    assert.deepEqual(vouched.found, ['architecture: {"kind":"gin"}']);
    assert.deepEqual((await look(one({ classNames: ['a', 'b', 'c'] }))).found, ['class-names: ["a","b","c"]']);
  });

  it('name ids that are no list, and of graphs that are not there', async () => {
    assert.deepEqual((await look(one({ data: { folder: 'data/AIDS', cleanIds: 'broken.json' } }))).found, ['ids: "broken.json"']); // prettier-ignore
    const { found, problems } = await look(one({ data: { folder: 'data/AIDS', testIds: 'beyond.json' } }));
    assert.deepEqual(found, ['ids: "beyond.json"']);
    assert.match(problems[0].message, /There is no graph 10: AIDS has 10/);
  });

  it('name an output of another format', async () => {
    assert.deepEqual((await look(one({ purify: { output: 'a.safetensors' } }))).found, ['value: "a.safetensors"']);
  });

  it('leave to the schema what an editor checks by it', async () => {
    const { view } = openManifest(at(), '{"sede": 1, "data": {"folder": "none"}}');
    const problems = await problemsOf(view, makeWorld(at(), {}));
    const codes = (clientHasSchema: boolean): unknown[] =>
      manifestDiagnostics(view, problems, clientHasSchema).map(({ code }) => code);
    assert.deepEqual(codes(false), ['unknown-property', 'missing-file']);
    assert.deepEqual(codes(true), ['missing-file']);
  });
});

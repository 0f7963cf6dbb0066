import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Manifest } from '../../../../protocol/manifest';
import { findModelSettings, readModelSettings } from '../../../../server/src/jobs/manifest/modelSettings';
import { ManifestError } from '../../../../server/src/jobs/manifest/readManifest';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('settings of a model', () => {
  const at = useTmpFolder();
  const put = (file: string, content: unknown): string => {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), typeof content === 'string' ? content : JSON.stringify(content));
    return at(file);
  };
  const manifest = (content: Manifest, folder = '.'): string => put(path.join(folder, 'graphnad.json'), content);
  const rejects = (content: Manifest, pattern: RegExp): Promise<void> =>
    assert.rejects(
      readModelSettings(at('m/gin.pt'), manifest(content)),
      (error) => error instanceof ManifestError && pattern.test(error.message),
    );

  it('have absolute paths, the ids of graphs, and the name of the output', async () => {
    put('ids/clean.json', [3, 1]);
    const file = manifest({
      data: { folder: 'data/A', features: 'labels', cleanIds: 'ids/clean.json' },
      models: [
        {
          model: 'm/*.pt',
          trigger: 'trigger.json',
          architecture: { readout: 'mean' },
          purify: { method: 'anp', output: 'out/{name}.clean.pt' },
        },
      ],
    });
    const settings = await readModelSettings(at('m/gin.pt'), file);
    assert.equal(settings.manifest, file);
    assert.deepEqual(settings.data, {
      folder: at('data/A'),
      features: 'labels',
      cleanIds: [3, 1],
      testIds: undefined,
      idFiles: { clean: at('ids/clean.json'), test: undefined },
    });
    assert.deepEqual(
      [settings.trigger, settings.architecture?.readout, settings.purify.method, settings.purify.output],
      [at('trigger.json'), 'mean', 'anp', at('out/gin.clean.pt')],
    );
  });

  it('come from the nearest manifest, and from none above the boundary', async () => {
    manifest({ seed: 1 });
    manifest({ seed: 2 }, 'a/b');
    const seed = async (model: string, boundary: string): Promise<number | undefined> =>
      (await findModelSettings(at(model), { boundary }))?.seed;
    assert.equal(await seed('a/b/gin.pt', at()), 2);
    assert.equal(await seed('a/b/c/gin.pt', at()), 2);
    assert.equal(await seed('a/gin.pt', at()), 1);
    assert.equal(await seed('a/gin.pt', at('a')), undefined);
    assert.equal(await seed('a/gin.pt', at('elsewhere')), undefined);
  });

  it('say of data and architecture alone what a stranger says', async () => {
    manifest({
      data: { folder: 'data' },
      seed: 1,
      failOn: 'never',
      severities: { GN201: 'information' },
      purify: { output: 'x.pt' },
    });
    const settings = await findModelSettings(at('gin.pt'), { boundary: at(), trusted: false });
    assert.equal(settings?.data?.folder, at('data'));
    const { seed, failOn, severities, purify } = settings;
    assert.deepEqual({ seed, failOn, severities, purify }, { seed: undefined, failOn: undefined, severities: undefined, purify: {} }); // prettier-ignore
  });

  it('lead nowhere outside, by no spelling and by no link', async () => {
    await rejects({ data: { folder: '../x' } }, /leads out of/);
    await rejects({ data: { folder: 'a/../../x' } }, /leads out of/);
    await rejects({ data: { folder: '/etc' } }, /absolute path/);
    await rejects({ data: { folder: 'C:\\data' } }, /absolute path/);
    await rejects({ data: { folder: 'a\\b' } }, /forward slashes/);
    await rejects({ data: { folder: 'd', cleanIds: '../ids.json' } }, /leads out of/);
    await rejects({ purify: { output: '../gin.pt' } }, /leads out of/);
    symlinkSync(path.dirname(at()), at('link'));
    await rejects({ data: { folder: 'link/x' } }, /leads out of/);
    const nested = manifest({ data: { folder: '../shared' } }, 'm');
    const inWorkspace = await readModelSettings(at('m/gin.pt'), nested, { paths: at() });
    assert.equal(inWorkspace.data?.folder, at('shared'), 'elsewhere in the workspace');
  });

  it('lead nowhere outside by the name of a model either', async () => {
    const output = async (model: string, written: string): Promise<string | undefined> =>
      (await readModelSettings(at(model), manifest({ purify: { output: written } }))).purify.output;
    // Without its extension this model is called `..`.
    await assert.rejects(output('...pt', '{name}/{name}/gin.pt'), /leads out of/);
    symlinkSync(path.dirname(at()), at('away'));
    await assert.rejects(output('away.pt', '{name}/gin.pt'), /leads out of/);
    assert.equal(await output("a$'b.pt", 'out/{name}.clean.pt'), at("out/a$'b.clean.pt"));
  });

  it('are not taken from files that are not what they should be', async () => {
    await rejects({ data: { folder: 'd', cleanIds: 'none.json' } }, /none\.json: there is no such file/);
    put('text.json', '"all"');
    await rejects({ data: { folder: 'd', cleanIds: 'text.json' } }, /expected a JSON array of graph ids/);
    put('broken.json', '[1,');
    await rejects({ data: { folder: 'd', testIds: 'broken.json' } }, /this is not JSON/);
    put('large.json', ' '.repeat(2 ** 20 + 1));
    await rejects({ data: { folder: 'd', testIds: 'large.json' } }, /larger than 1 MiB/);
    await rejects({ purify: { output: 'gin.safetensors' } }, /must end in \.pt/);
  });
});

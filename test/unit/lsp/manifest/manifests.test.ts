import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { Manifests } from '../../../../server/src/lsp/manifest/manifests';
import { WorkspaceTrust } from '../../../../server/src/lsp/trust';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('the manifests of a workspace', () => {
  const at = useTmpFolder();
  let trust: WorkspaceTrust;
  let manifests: Manifests;
  const write = (content: object | string): void =>
    writeFileSync(at('w/graphnad.json'), typeof content === 'string' ? content : JSON.stringify(content));

  beforeEach(() => {
    mkdirSync(at('w/models'), { recursive: true });
    trust = new WorkspaceTrust();
    const rootOf = (file: string): string | undefined => (file.startsWith(at('w')) ? at('w') : undefined);
    manifests = new Manifests({ index: { rootOf }, trust });
  });

  it('say nothing of models outside, and nothing from above the workspace folder', async () => {
    writeFileSync(at('graphnad.json'), '{"seed": 1}');
    assert.equal(await manifests.settingsFor(at('w/models/gin.pt')), undefined);
    assert.equal(await manifests.settingsFor(at('gin.pt')), undefined);
  });

  it('are read again when they change, and tell whether a scan has to be done again', async () => {
    const key = async (): Promise<string> => (await manifests.forScan(at('w/models/gin.pt'))).key;
    const without = await key();
    write({ seed: 1 });
    const first = await key();
    assert.notEqual(first, without);
    assert.equal(await key(), first);
    write({ seed: 1, purify: { method: 'anp' }, models: [{ model: 'models/other.pt', seed: 4 }] });
    assert.equal(await key(), first, 'nothing that a scan of this model depends on');
    write({ seed: 2 });
    assert.notEqual(await key(), first);
    rmSync(at('w/graphnad.json'));
    assert.equal(await key(), without);
  });

  it('keep no scan from being done where they are broken', async () => {
    write('{"seed": ');
    const { settings, failure } = await manifests.forScan(at('w/models/gin.pt'));
    assert.equal(settings, undefined);
    assert.match(failure ?? '', /graphnad\.json: line 1, column \d+: /);
    assert.ok(manifests.concerns(at('w/anything.json')), 'it may be what is missing');
  });

  it('keep no scan from being done where they are made to break their reader', async () => {
    write(`{"models": ${'['.repeat(200_000)}`);
    assert.match((await manifests.forScan(at('w/models/gin.pt'))).failure ?? '', /more than 100 deep/);
    if (process.platform === 'win32') return;
    write({ data: { folder: 'd', cleanIds: 'pipe.json' } });
    const pipe = createServer().listen(at('w/pipe.json'));
    await once(pipe, 'listening');
    const { failure } = await manifests.forScan(at('w/models/gin.pt'));
    pipe.close();
    assert.match(failure ?? '', /pipe\.json: this is not a file/);
  });

  it('know which files they depend on', async () => {
    writeFileSync(at('w/ids.json'), '[1]');
    write({ data: { folder: 'd', cleanIds: 'ids.json' } });
    await manifests.forScan(at('w/models/gin.pt'));
    assert.ok(manifests.concerns(at('w/ids.json')));
    assert.ok(manifests.concerns(at('w/models/graphnad.json')));
    assert.ok(!manifests.concerns(at('w/other.json')));
  });

  it('name data and architecture, and no more, as long as nobody trusts the workspace', async () => {
    write({ seed: 1, data: { folder: 'd' } });
    trust.initialize({ trusted: false });
    const restricted = await manifests.settingsFor(at('w/models/gin.pt'));
    assert.deepEqual([restricted?.data?.folder, restricted?.seed], [at('w/d'), undefined]);
    trust.grant();
    assert.equal((await manifests.settingsFor(at('w/models/gin.pt')))?.seed, 1);
  });
});

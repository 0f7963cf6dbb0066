import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { FileChangeType } from 'vscode-languageserver/node';
import { RefreshModelsRequest } from '../../protocol/models';
import { DataCandidatesRequest, ScanRequest } from '../../protocol/requests';
import { createPyTorchCheckpoint } from '../../server/src/checkpoint/createCheckpoint';
import { toUri } from '../../server/src/lsp/fileUri';
import { useLspClient } from '../support/lspClient';
import { maliciousCheckpoint } from '../support/maliciousCheckpoint';
import { until } from '../support/processes';
import { useTinyWorkspace } from '../support/tinyWorkspace';
import { useTmpFolder } from '../support/tmpFolder';

describe('models of the workspace', function () {
  this.timeout(90_000);
  const startClient = useLspClient();
  const at = useTmpFolder();
  const tiny = useTinyWorkspace();

  it('are told with verdict, severity and time, and what goes on with them', async () => {
    writeFileSync(at('bad.pt'), maliciousCheckpoint());
    cpSync(tiny().model, at('gin.pt'));
    cpSync(tiny().data, at('data'), { recursive: true });
    const client = await startClient({ folders: [at()] });
    await until('the scan of the model to run', () =>
      client.toldOf(at('gin.pt')).some(({ activity }) => activity === 'scanning'),
    );
    await until('a verdict on the model', () => client.model(at('gin.pt'))?.reached !== undefined, 60_000);
    const bad = client.model(at('bad.pt'));
    assert.equal(bad?.verdict, 'dangerous');
    assert.equal(bad.severity, 'error');
    assert.match(bad.text, /^runs code when it is loaded; not assessed for backdoors: /);
    const { folder, reached, activity, verdict } = client.model(at('gin.pt')) ?? {};
    assert.equal(folder, toUri(at()));
    assert.equal(activity, undefined);
    assert.ok(['no-sign', 'suspicious', 'possibly', 'likely'].includes(verdict ?? ''), verdict);
    assert.ok(Math.abs(Date.parse(reached ?? '') - Date.now()) < 60_000);
  });

  it('come and go with their files, and lie in the innermost folder of the workspace', async () => {
    mkdirSync(at('inner'));
    writeFileSync(at('inner/a.pt'), maliciousCheckpoint());
    const client = await startClient({ folders: [at(), at('inner')] });
    await until('the model', () => client.model(at('inner/a.pt'))?.folder === toUri(at('inner')));
    rmSync(at('inner/a.pt'));
    await client.filesChanged([at('inner/a.pt')], FileChangeType.Deleted);
    await until('the end of it', () => client.models.size === 0);
    writeFileSync(at('b.pt'), maliciousCheckpoint());
    await client.request(RefreshModelsRequest.method, {});
    await until('a model that nobody reported', () => client.model(at('b.pt'))?.verdict === 'dangerous');
  });

  it('are told where nothing is scanned, too, until somebody asks', async () => {
    writeFileSync(at('a.pt'), maliciousCheckpoint());
    const client = await startClient({ folders: [at()], settings: { scan: { enabled: false } } });
    await until('the model', () => client.model(at('a.pt'))?.verdict === 'not-scanned');
    await client.request(ScanRequest.method, { uri: toUri(at('a.pt')) });
    await until('its verdict', () => client.model(at('a.pt'))?.verdict === 'dangerous');
    await client.changeSettings({ scan: { enabled: true } });
    await client.changeSettings({ scan: { enabled: false } });
    await until('that it is forgotten', () => client.model(at('a.pt'))?.verdict === 'not-scanned');
  });

  it('go by the settings of their own folder', async () => {
    for (const name of ['one', 'two', 'three']) {
      mkdirSync(at(name));
      writeFileSync(at(name, 'a.pt'), maliciousCheckpoint());
    }
    const client = await startClient({
      folders: ['one', 'two', 'three'].map((name) => at(name)),
      folderSettings: {
        [at('two')]: { scan: { enabled: false } },
        [at('three')]: { scan: { exclude: ['*.pt'] }, severity: { GN101: 'off' } },
      },
    });
    await client.untilCodes(at('one/a.pt'), 'GN101', 'GN901');
    await until('the model that is not to be scanned', () => client.model(at('two/a.pt'))?.verdict === 'not-scanned');
    assert.equal(client.model(at('three/a.pt')), undefined);
    assert.equal(client.diagnostics(at('two/a.pt')), undefined);
    // Asked for, it is scanned all the same.
    await client.request(ScanRequest.method, { uri: toUri(at('three/a.pt')) });
    await client.untilCodes(at('three/a.pt'), 'GN901');
  });
});

describe('the Problems pane', function () {
  this.timeout(90_000);
  const startClient = useLspClient();
  const at = useTmpFolder();

  it('lists findings as the settings say, and what is off still counts', async () => {
    writeFileSync(at('bad.pt'), maliciousCheckpoint());
    const client = await startClient({
      folders: [at()],
      settings: { severity: { GN101: 'warning', GN901: 'off' }, problems: { limit: 5 } },
    });
    const [only] = await client.untilCodes(at('bad.pt'), 'GN101');
    assert.equal(only.severity, 2);
    await until('a status', () => client.statuses.at(-1)?.unlisted === 1);
    const { notAssessed, errors } = client.statuses.at(-1) ?? {};
    assert.deepEqual([notAssessed, errors], [1, 1]);
    assert.equal(client.model(at('bad.pt'))?.verdict, 'dangerous');

    const jobs = client.jobs.length;
    await client.changeSettings({});
    const [first] = await client.untilCodes(at('bad.pt'), 'GN101', 'GN901');
    assert.equal(first.severity, 1);
    assert.equal(client.jobs.length, jobs, 'nothing is scanned for that');
  });

  it('is not flooded by a thousand models, and names the one that matters', async () => {
    for (let folder = 0; folder < 10; folder++) {
      mkdirSync(at(`f${folder}`));
      for (let i = 0; i < 100; i++) {
        const tensor = { name: `embedding${folder}.${i}`, dtype: 'float32', shape: [2], values: [1, 2] } as const;
        writeFileSync(at(`f${folder}/${i}.pt`), createPyTorchCheckpoint([tensor]));
      }
    }
    writeFileSync(at('f5/evil.pt'), maliciousCheckpoint());
    const client = await startClient({ folders: [at()], settings: { workers: 2 } });
    await until('the malicious file', () => client.codes(at('f5/evil.pt'))?.includes('GN101') === true, 60_000);
    await until(
      'all models to be scanned',
      () => [...client.models.values()].filter(({ reached }) => reached !== undefined).length === 1001,
      80_000,
    );
    await client.untilIdle();
    const lines = (): number => [...client.published.values()].reduce((sum, list) => sum + list.length, 0);
    await until('few lines', () => lines() === 12);
    const [grouped] = client.diagnostics(at('f0/0.pt')) ?? [];
    assert.match(grouped.message, /\(99 more model files of this folder: not assessed for reasons of this kind\)$/);
    assert.equal(client.statuses.at(-1)?.notAssessed, 1001);
  });
});

describe('a workspace that is not trusted', function () {
  this.timeout(90_000);
  const startClient = useLspClient();
  const at = useTmpFolder();
  const tiny = useTinyWorkspace();

  it('is looked at for code alone, whoever asks, until it is trusted', async () => {
    writeFileSync(at('bad.pt'), maliciousCheckpoint());
    cpSync(tiny().model, at('gin.pt'));
    cpSync(tiny().data, at('data'), { recursive: true });
    const client = await startClient({ folders: [at()], trusted: false });
    await client.untilCodes(at('bad.pt'), 'GN101');
    await until('the model to be looked at', () => client.model(at('gin.pt'))?.reached !== undefined);
    const verdict = 'not assessed for backdoors: only its code was looked at, because this workspace is not trusted';
    assert.equal(client.model(at('gin.pt'))?.text, verdict);
    assert.equal((await client.untilIdle()).restricted, true);

    const { backdoor } = await client.request<{ backdoor: { kind: string } }>(ScanRequest.method, {
      ...{ uri: toUri(at('gin.pt')), dataUri: toUri(at('data')) },
    });
    assert.equal(backdoor.kind, 'not-assessed');
    assert.ok(!client.jobs.some((line) => /\((user|background)\)/.test(line)), client.jobs.join('\n'));
    const purification = { uri: toUri(at('gin.pt')), dataUri: toUri(at('data')), outputUri: toUri(at('x.pt')) };
    const refusal = await client.failure('graphnad/purify', { ...purification, jobId: '1' });
    assert.match(refusal.message, /^Purifying a model needs a trusted workspace$/);

    const candidates = await client.failure(DataCandidatesRequest.method, { uri: toUri(at('gin.pt')) });
    assert.match(candidates.message, /^Reading data sets needs a trusted workspace$/);
    const text = JSON.stringify({ models: [{ model: 'gin.pt', data: { folder: 'data' } }, { model: 'none.pt' }] });
    const textDocument = { uri: toUri(at('graphnad.json')) };
    await client.notify('textDocument/didOpen', {
      textDocument: { ...textDocument, languageId: 'jsonc', version: 1, text },
    });
    await client.untilCodes(at('graphnad.json'), 'missing-file');
    const position = { line: 0, character: text.indexOf('gin.pt') };
    const hover = await client.request<{ contents: { value: string } }>('textDocument/hover', {
      textDocument,
      position,
    });
    assert.match(hover.contents.value, /this workspace is not trusted/);
    assert.ok(!client.jobs.some((line) => !line.includes('(code-safety)')), client.jobs.join('\n'));

    await client.grantTrust();
    await until(
      'a verdict',
      () =>
        /backdoor/.test(client.model(at('gin.pt'))?.text ?? '') &&
        client.model(at('gin.pt'))?.verdict !== 'not-assessed',
      60_000,
    );
    assert.equal((await client.untilIdle()).restricted, undefined);
  });
});

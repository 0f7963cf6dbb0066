import assert from 'node:assert/strict';
import { cpSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DiagnosticSeverity, FileChangeType } from 'vscode-languageserver/node';
import { ReportRequest, ReportTextRequest } from '../../protocol/requests';
import type { ScanReport } from '../../protocol/reports';
import { createPyTorchCheckpoint } from '../../server/src/checkpoint/createCheckpoint';
import { toUri } from '../../server/src/lsp/fileUri';
import { useLspClient } from '../support/lspClient';
import { maliciousCheckpoint } from '../support/maliciousCheckpoint';
import { until } from '../support/processes';
import { useTinyWorkspace } from '../support/tinyWorkspace';
import { useTmpFolder } from '../support/tmpFolder';

/** A readable checkpoint of no architecture we know. */
const unknownModel = createPyTorchCheckpoint([{ name: 'embedding', dtype: 'float32', shape: [2], values: [1, 2] }]);

describe('diagnostics of files that are never opened', function () {
  this.timeout(60_000);
  const at = useTmpFolder();
  const startClient = useLspClient();
  const tiny = useTinyWorkspace();

  it('tell what a malicious file does, with code, page, severity and report', async () => {
    writeFileSync(at('bad.pt'), maliciousCheckpoint());
    const client = await startClient({ folders: [at()] });
    const [diagnostic] = (await client.untilCodes(at('bad.pt'), 'GN101', 'GN901')).filter(
      ({ code }) => code === 'GN101',
    );
    assert.equal(diagnostic.severity, DiagnosticSeverity.Error);
    assert.equal(diagnostic.source, 'GraphNAD');
    assert.deepEqual(diagnostic.range, { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } });
    assert.match(diagnostic.message, /system/);
    assert.doesNotMatch(diagnostic.message, /\n/);
    assert.match(diagnostic.codeDescription?.href ?? '', /^https:.*\/docs\/findings\/GN101\.md$/);

    const text = await client.request<string>(ReportTextRequest.method, { uri: toUri(at('bad.pt')) });
    assert.match(text, /GN101/);
    for (const { location, message } of diagnostic.relatedInformation ?? []) {
      assert.equal(text.split('\n')[location.range.start.line].trim(), message);
    }
  });

  it('say nothing of a clean file beyond what could not be assessed, and say that', async () => {
    cpSync(tiny().model, at('gin.pt'));
    writeFileSync(at('unknown.pt'), unknownModel);
    const client = await startClient({ folders: [at()] });
    const [noData] = await client.untilCodes(at('gin.pt'), 'GN904');
    assert.equal(noData.severity, DiagnosticSeverity.Information);
    assert.match(noData.message, /^Not assessed for backdoors: no data set with \d+ node features and 2 classes found/);
    await client.untilCodes(at('unknown.pt'), 'GN902');
    const { models, errors, warnings, notAssessed } = await client.untilIdle();
    assert.deepEqual({ models, errors, warnings, notAssessed }, { models: 2, errors: 0, warnings: 0, notAssessed: 2 });
  });

  it('take the clean data of the workspace, also when they come later, and name them', async () => {
    cpSync(tiny().model, at('gin.pt'));
    const client = await startClient({ folders: [at()] });
    await client.untilCodes(at('gin.pt'), 'GN904');
    cpSync(tiny().data, at('data'), { recursive: true });
    // A folder that is moved in is reported alone.
    await client.filesChanged([at('data')], FileChangeType.Created);
    const report = (): Promise<ScanReport> => client.request(ReportRequest.method, { uri: toUri(at('gin.pt')) });
    await until('a verdict', async () => (await report()).backdoor.kind !== 'not-assessed', 30_000);
    const { settings, findings } = await report();
    assert.equal(settings.data, at('data'));
    assert.equal(settings.features, 'labels');
    for (const { details } of findings) assert.ok(details.some((detail) => detail.includes(at('data'))));
    assert.notEqual((await client.untilIdle()).backend, undefined);

    rmSync(at('data'), { recursive: true });
    await client.filesChanged([at('data')], FileChangeType.Deleted);
    await client.untilCodes(at('gin.pt'), 'GN904');
  });

  it('take clean data that come while a model is scanned without any', async () => {
    cpSync(tiny().model, at('gin.pt'));
    const client = await startClient({ folders: [at()] });
    await until('the scan without data', () => client.jobs.some((line) => /started.*background/.test(line)), 30_000);
    cpSync(tiny().data, at('data'), { recursive: true });
    await client.filesChanged([at('data')], FileChangeType.Created);
    const report = (): Promise<ScanReport> => client.request(ReportRequest.method, { uri: toUri(at('gin.pt')) });
    await until('a scan with them', async () => (await report()).settings.data === at('data'), 30_000);
    await client.untilIdle();
    assert.equal((await report()).settings.data, at('data'));
  });

  it('follow files that appear, are replaced, moved and deleted', async () => {
    const client = await startClient({ folders: [at()] });
    await client.untilIdle();
    writeFileSync(at('a.pt'), maliciousCheckpoint());
    await client.filesChanged([at('a.pt')], FileChangeType.Created);
    await client.untilCodes(at('a.pt'), 'GN101', 'GN901');

    writeFileSync(at('a.pt'), unknownModel);
    await client.filesChanged([at('a.pt')]);
    await client.untilCodes(at('a.pt'), 'GN902');

    mkdirSync(at('sub'));
    renameSync(at('a.pt'), at('sub/b.pt'));
    await client.filesChanged([at('a.pt')], FileChangeType.Deleted);
    await client.filesChanged([at('sub/b.pt')], FileChangeType.Created);
    await client.untilCodes(at('a.pt'));
    await client.untilCodes(at('sub/b.pt'), 'GN902');

    truncateSync(at('sub/b.pt'), 100);
    await client.filesChanged([at('sub/b.pt')]);
    await until('the truncated file to be told', () => client.codes(at('sub/b.pt'))?.includes('GN901') === true);

    rmSync(at('sub'), { recursive: true });
    await client.filesChanged([at('sub')], FileChangeType.Deleted);
    await client.untilCodes(at('sub/b.pt'));
    assert.equal(await client.request(ReportRequest.method, { uri: toUri(at('sub/b.pt')) }), null);
  });

  it('end with the last version when a file changes while it is scanned', async () => {
    const client = await startClient({ folders: [at()] });
    for (let i = 0; i < 5; i++) {
      writeFileSync(at('a.pt'), i % 2 === 0 ? unknownModel : maliciousCheckpoint());
      await client.filesChanged([at('a.pt')]);
      await new Promise((resolve) => setTimeout(resolve, 230));
    }
    await client.untilCodes(at('a.pt'), 'GN902');
    await client.untilIdle();
    assert.deepEqual(client.codes(at('a.pt')), ['GN902']);
  });

  it('ask the client to watch models, data sets and folders', async () => {
    const client = await startClient({ folders: [at()] });
    await until('registrations', () => client.registered.size === 2);
    assert.deepEqual([...client.registered].sort(), [
      'workspace/didChangeConfiguration',
      'workspace/didChangeWatchedFiles',
    ]);
    const globs = client.watchers.map(({ globPattern }) => globPattern as string);
    assert.ok(globs.some((glob) => glob.includes('safetensors')));
    assert.ok(globs.some((glob) => glob.includes('graph_indicator')));
    assert.ok(globs.some((glob) => glob.endsWith('.json')));
    assert.equal(path.posix.basename(globs.at(-1) ?? ''), '*');
  });
});

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { CancellationTokenSource, ErrorCodes, LSPErrorCodes } from 'vscode-languageserver/node';
import type { PurifyReport, ScanReport } from '../../protocol/reports';
import {
  DataCandidatesRequest,
  PurifyRequest,
  ReportRequest,
  ReportTextRequest,
  ScanRequest,
  type DataCandidate,
  type PurifyParams,
} from '../../protocol/requests';
import { readCheckpoint } from '../../server/src/checkpoint/readCheckpoint';
import { toUri } from '../../server/src/lsp/fileUri';
import { useLspClient } from '../support/lspClient';
import { until } from '../support/processes';
import { useTinyWorkspace } from '../support/tinyWorkspace';
import { useTmpFolder } from '../support/tmpFolder';

describe('requests', function () {
  this.timeout(60_000);
  const at = useTmpFolder();
  const startClient = useLspClient();
  const tiny = useTinyWorkspace();
  /** Nothing happens but what is asked for. */
  const settings = { scan: { enabled: false } };

  beforeEach(() => {
    cpSync(tiny().model, at('gin.pt'));
    cpSync(tiny().data, at('data/TINY'), { recursive: true });
  });

  function purification(more: Partial<PurifyParams> = {}): PurifyParams {
    return {
      uri: toUri(at('gin.pt')),
      dataUri: toUri(at('data/TINY')),
      outputUri: toUri(at('out.pt')),
      holdingRate: 0.2,
      jobId: 'job 1',
      ...more,
    };
  }

  it('graphnad/scan scans, publishes and answers with the report', async () => {
    const client = await startClient({ folders: [at()], settings });
    const uri = toUri(at('gin.pt'));
    await until('the workspace to be searched', () => client.log.some((line) => line.includes('1 data set')));
    assert.equal(await client.request(ReportRequest.method, { uri }), null);
    assert.equal(await client.request(ReportTextRequest.method, { uri }), null);
    const report = await client.request<ScanReport>(ScanRequest.method, { uri });
    assert.equal(report.settings.data, at('data/TINY'));
    assert.equal(report.architecture?.kind, 'gin');
    assert.notEqual(report.backdoor.kind, 'not-assessed');
    assert.deepEqual(await client.request(ReportRequest.method, { uri }), report);
    assert.match(await client.request(ReportTextRequest.method, { uri }), /sha256/);
    assert.ok(client.workDoneTokens.length > 0);
    await until('the diagnostics', () => client.diagnostics(at('gin.pt'))?.length === report.findings.length);
  });

  it('graphnad/scan takes the data it is given, and a file outside of the workspace', async () => {
    const client = await startClient({ settings });
    const params = { uri: toUri(at('gin.pt')), dataUri: toUri(at('data/TINY')) };
    const report = await client.request<ScanReport>(ScanRequest.method, params);
    assert.notEqual(report.backdoor.kind, 'not-assessed');
    const without = await client.request<ScanReport>(ScanRequest.method, { uri: params.uri });
    assert.ok(without.backdoor.kind === 'not-assessed' && without.backdoor.code === 'GN904');
  });

  it('explains what is wrong with a request', async () => {
    const client = await startClient({ settings });
    const missing = await client.failure(ScanRequest.method, { uri: toUri(at('missing.pt')) });
    assert.equal(missing.code, LSPErrorCodes.RequestFailed);
    assert.match(missing.message, /missing\.pt.*no such file/);
    assert.equal(missing.data?.name, 'CheckpointError');
    assert.equal(missing.data?.file, at('missing.pt'));
    const remote = await client.failure(ScanRequest.method, { uri: 'https://example.org/a.pt' });
    assert.equal(remote.code, ErrorCodes.InvalidParams);
    assert.match(remote.message, /not a file on disk/);
  });

  it('graphnad/dataCandidates ranks the data sets of the workspace and says why one does not fit', async () => {
    mkdirSync(at('other'));
    writeFileSync(at('other/OTHER_A.txt'), '1, 2\n2, 1\n');
    writeFileSync(at('other/OTHER_graph_indicator.txt'), '1\n1\n2\n');
    writeFileSync(at('other/OTHER_graph_labels.txt'), '0\n1\n');
    const client = await startClient({ folders: [at()], settings });
    await until('the workspace to be searched', () => client.log.some((line) => line.includes('2 data sets')));
    const candidates = await client.request<DataCandidate[]>(DataCandidatesRequest.method, {
      uri: toUri(at('gin.pt')),
    });
    assert.deepEqual(
      candidates.map(({ uri, name, graphs, fitting }) => ({ uri, name, graphs, fitting })),
      [
        { uri: toUri(at('data/TINY')), name: 'TINY', graphs: tiny().graphs, fitting: ['labels'] },
        { uri: toUri(at('other')), name: 'OTHER', graphs: 2, fitting: [] },
      ],
    );
    assert.match(candidates[1].reason ?? '', /the model takes \d+ features per node/);
  });

  it('graphnad/purify writes a new model, tells how it goes, and leaves the original alone', async () => {
    const original = readFileSync(at('gin.pt'));
    const client = await startClient({ folders: [at()], settings: {} });
    const report = await client.request<PurifyReport>(PurifyRequest.method, purification());
    assert.equal(report.output, at('out.pt'));
    assert.deepEqual(readFileSync(at('gin.pt')), original);
    const names = (file: string): string[] => [...readCheckpoint(readFileSync(file), file).tensors.keys()];
    assert.deepEqual(names(at('out.pt')), names(at('gin.pt')));
    assert.deepEqual(readdirSync(at()).sort(), ['data', 'gin.pt', 'out.pt']);

    const steps = client.progress.map(({ progress }) => progress);
    assert.ok(client.progress.every(({ jobId }) => jobId === 'job 1'));
    assert.ok(steps.some(({ stage, epoch }) => stage === 'Teacher' && epoch !== undefined));
    assert.ok(steps.every(({ fraction }, i) => fraction >= (steps[i - 1]?.fraction ?? 0)));
    assert.equal(steps.filter(({ curve }) => curve !== undefined).length, report.curves.length);

    await client.filesChanged([at('out.pt')]);
    const codes = report.findings.map(({ code }) => code);
    await until('the scan of the output', () => codes.every((code) => client.codes(at('out.pt'))?.includes(code)));
  });

  it('graphnad/purify has its output scanned with the same data, also where nothing is scanned unasked and nothing else fits', async () => {
    const client = await startClient({ settings });
    const report = await client.request<PurifyReport>(PurifyRequest.method, purification());
    const uri = toUri(at('out.pt'));
    const rescan = async (): Promise<ScanReport | null> => client.request(ReportRequest.method, { uri });
    await until('evidence', async () => (await rescan())?.backdoor.evidence !== undefined, 30_000);
    const found = await rescan();
    assert.equal(found?.sha256, report.outputSha256);
    // It is told by what the purification remembers: no receipt lies beside the file.
    assert.ok(found.backdoor.kind === 'not-assessed');
    assert.match(found.backdoor.reason, /that it was purified with/);
    assert.equal(found?.settings.data, at('data/TINY'));
    const told = [...report.findings.filter((finding) => finding.code.startsWith('GN3')), ...found.findings];
    const isPublished = (): boolean => told.every(({ code }) => client.codes(at('out.pt'))?.includes(code) === true);
    await until('the findings', isPublished);
    const published = client.codes(at('out.pt')) ?? [];
    assert.equal(new Set(published).size, published.length);
  });

  it('graphnad/purify says of an output that cannot be assessed that it is not, never that it is clean', async () => {
    const client = await startClient({ settings: { scan: { enabled: false, backdoors: false } } });
    // So few clean graphs allow no verdict on the purified model.
    const report = await client.request<PurifyReport>(PurifyRequest.method, purification({ holdingRate: 0.08 }));
    assert.equal(report.rescan.kind, 'not-assessed');
    assert.ok(report.findings.some(({ code }) => code === 'GN905'));
    await until('the finding on the file', () => client.codes(at('out.pt'))?.includes('GN905') === true, 30_000);
  });

  it('graphnad/purify stops when it is cancelled, by request or in the progress, and writes nothing', async () => {
    const client = await startClient({ folders: [at()], settings });
    const source = new CancellationTokenSource();
    const cancelled = client.failure(PurifyRequest.method, purification(), source.token);
    await until('the teacher to train', () => client.progress.some(({ progress }) => progress.stage === 'Teacher'));
    source.cancel();
    assert.equal((await cancelled).code, LSPErrorCodes.RequestCancelled);

    client.progress.splice(0);
    const again = client.failure(PurifyRequest.method, purification());
    await until('it to run again', () => client.progress.length > 0, 30_000);
    await client.cancelWorkDone(client.workDoneTokens.at(-1)!);
    assert.equal((await again).code, LSPErrorCodes.RequestCancelled);

    assert.deepEqual(readdirSync(at()).sort(), ['data', 'gin.pt']);
    assert.equal(await client.request(ReportRequest.method, { uri: toUri(at('gin.pt')) }), null);
    assert.equal((await client.untilIdle()).state, 'idle');
  });

  it('graphnad/purify refuses before it works: an existing file, the model itself, data that do not fit', async () => {
    writeFileSync(at('out.pt'), 'mine');
    const client = await startClient({ settings });
    const existing = await client.failure(PurifyRequest.method, purification());
    assert.equal(existing.code, LSPErrorCodes.RequestFailed);
    assert.match(existing.message, /out\.pt: a file of this name already exists/);
    assert.deepEqual(existing.data?.name, 'OutputError');
    const itself = await client.failure(
      PurifyRequest.method,
      purification({ outputUri: toUri(at('gin.pt')), overwrite: true }),
    );
    assert.match(itself.message, /input file, which is never changed/);
    const noData = await client.failure(
      PurifyRequest.method,
      purification({ dataUri: toUri(at()), outputUri: toUri(at('new.pt')) }),
    );
    assert.equal(noData.data?.name, 'DatasetError');
    assert.equal(readFileSync(at('out.pt'), 'utf8'), 'mine');
    assert.deepEqual(readdirSync(at()).sort(), ['data', 'gin.pt', 'out.pt']);
  });
});

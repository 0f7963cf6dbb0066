import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { LSPErrorCodes } from 'vscode-languageserver/node';
import {
  ConvertRequest,
  HashModelRequest,
  InspectModelRequest,
  ModelKnowledgeRequest,
  TensorStatisticsRequest,
  type ConvertReport,
  type ModelInspection,
  type ModelKnowledge,
} from '../../protocol/inspector';
import type { ScanReport } from '../../protocol/reports';
import { ScanRequest } from '../../protocol/requests';
import { readCheckpoint } from '../../server/src/checkpoint/readCheckpoint';
import { toUri } from '../../server/src/lsp/fileUri';
import { useLspClient } from '../support/lspClient';
import { useTinyWorkspace } from '../support/tinyWorkspace';
import { useTmpFolder } from '../support/tmpFolder';

describe('the inspector’s requests', function () {
  this.timeout(60_000);
  const at = useTmpFolder();
  const startClient = useLspClient();
  const tiny = useTinyWorkspace();
  const settings = { scan: { enabled: false } };

  beforeEach(() => cpSync(tiny().model, at('gin.pt')));

  it('graphnad/inspectModel and graphnad/tensorStatistics tell what a file holds', async () => {
    const client = await startClient({ settings });
    const uri = toUri(at('gin.pt'));
    const inspection = await client.request<ModelInspection>(InspectModelRequest.method, { uri });
    assert.equal(inspection.architecture?.kind, 'gin');
    assert.deepEqual(await client.request(HashModelRequest.method, { uri }), { sha256: inspection.sha256 });
    const names = inspection.tensors.map(({ name }) => name).slice(0, 3);
    const { version } = inspection;
    const figures = await client.request<TensorStatisticsRequest.Result>(TensorStatisticsRequest.method, {
      ...{ uri, version, names },
    });
    assert.deepEqual(
      figures.map(({ name }) => name),
      names,
    );
    const values =
      readCheckpoint(readFileSync(at('gin.pt')), 'gin.pt')
        .tensors.get(names[0])
        ?.values() ?? [];
    const [first] = figures;
    assert.ok('finite' in first);
    assert.equal(first.finite?.max, Math.max(...values));
  });

  it('graphnad/modelKnowledge tells the verdict and what it is about, in the workspace and outside', async () => {
    for (const folders of [[at()], []]) {
      const client = await startClient({ folders, settings });
      const uri = toUri(at('gin.pt'));
      const knowledge = (): Promise<ModelKnowledge> => client.request(ModelKnowledgeRequest.method, { uri });
      assert.deepEqual((await knowledge()).verdict, 'not-scanned');
      const report = await client.request<ScanReport>(ScanRequest.method, { uri });
      const known = await knowledge();
      assert.notEqual(known.verdict, 'not-scanned');
      assert.equal(known.sha256, report.sha256);
      assert.match(known.recognised ?? '', /^GIN, 2 layers/);
      assert.deepEqual(known.findings, report.findings);
    }
  });

  it('says that a file changed meanwhile, or is gone', async () => {
    const client = await startClient({ settings });
    const uri = toUri(at('gin.pt'));
    const { version } = await client.request<ModelInspection>(InspectModelRequest.method, { uri });
    writeFileSync(at('gin.pt'), 'something else');
    const changed = await client.failure(TensorStatisticsRequest.method, { uri, version, names: ['a'] });
    assert.equal(changed.data?.name, 'ModelChangedError');
    const gone = await client.failure(InspectModelRequest.method, { uri: toUri(at('gone.pt')) });
    assert.equal(gone.code, LSPErrorCodes.RequestFailed);
    assert.match(gone.message, /there is no such file/);
  });

  it('graphnad/convertToSafetensors writes a new file, and over an existing one only when told to', async () => {
    const client = await startClient({ settings });
    const request = { uri: toUri(at('gin.pt')), outputUri: toUri(at('gin.safetensors')) };
    const report = await client.request<ConvertReport>(ConvertRequest.method, request);
    assert.equal(report.output, at('gin.safetensors'));
    assert.equal(readCheckpoint(readFileSync(report.output), 'copy').tensors.size, report.tensors);
    const refused = await client.failure(ConvertRequest.method, request);
    assert.match(refused.message, /already exists/);
    await client.request(ConvertRequest.method, { ...request, overwrite: true });
    const itself = await client.failure(ConvertRequest.method, { ...request, outputUri: request.uri, overwrite: true });
    assert.match(itself.message, /input file, which is never changed/);
  });

  it('graphnad/convertToSafetensors writes nothing in a workspace that is not trusted', async () => {
    const client = await startClient({ settings, trusted: false });
    const request = { uri: toUri(at('gin.pt')), outputUri: toUri(at('gin.safetensors')) };
    assert.match((await client.failure(ConvertRequest.method, request)).message, /needs a trusted workspace/);
    assert.ok(!existsSync(at('gin.safetensors')));
    await client.request(InspectModelRequest.method, { uri: request.uri });
  });
});

import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { CancellationTokenSource, LSPErrorCodes } from 'vscode-languageserver/node';
import { AttentionRequest } from '../../protocol/attention';
import type { ScanReport } from '../../protocol/reports';
import { ScanRequest } from '../../protocol/requests';
import { toUri } from '../../server/src/lsp/fileUri';
import { useLspClient, type LspClient } from '../support/lspClient';
import { until } from '../support/processes';
import { useTinyWorkspace } from '../support/tinyWorkspace';
import { useTmpFolder } from '../support/tmpFolder';
import { writeVariant } from '../support/variants';

describe('graphnad/attention', function () {
  this.timeout(60_000);
  const at = useTmpFolder();
  const startClient = useLspClient();
  const tiny = useTinyWorkspace();
  const settings = { scan: { enabled: false } };

  beforeEach(() => {
    cpSync(tiny().model, at('gin.pt'));
    cpSync(tiny().data, at('data/TINY'), { recursive: true });
    writeVariant(at('gin.pt'), at('gin.purified.pt'), 1);
  });

  async function start(): Promise<LspClient> {
    const client = await startClient({ folders: [at()], settings });
    await until('the workspace to be searched', () => client.log.some((line) => line.includes('1 data set')));
    return client;
  }
  const pair = (more: Partial<AttentionRequest.Params> = {}): AttentionRequest.Params => ({
    ...{ beforeUri: toUri(at('gin.pt')), afterUri: toUri(at('gin.purified.pt')), dataUri: toUri(at('data/TINY')) },
    ...more,
  });
  const ask = (client: LspClient, params = pair()): Promise<AttentionRequest.Result> =>
    client.request<AttentionRequest.Result>(AttentionRequest.method, params);
  const comparisons = (client: LspClient): number =>
    client.jobs.filter((line) => /^Job \d+ started: attention/.test(line)).length;

  it('answers with all graphs by change, one in full, and its text, and computes that once', async () => {
    const client = await start();
    const [left, right] = await Promise.all([ask(client), ask(client)]);
    assert.deepEqual(left, right);
    const { overview, graph, text } = left;
    assert.equal(graph.id, overview.ranked.triggered[0]);
    assert.match(text.before, /^Attention of gin\.pt\ngraph \d+ of data\/TINY {3}/);
    assert.match(text.after, /^Attention of gin\.purified\.pt\n/);
    for (const id of overview.ranked.triggered.slice(0, 5)) {
      assert.equal((await ask(client, pair({ graph: id }))).graph.id, id);
    }
    const asItIs = await ask(client, pair({ graph: graph.id, view: 'clean' }));
    assert.deepEqual([asItIs.graph.view, asItIs.graph.before.triggered], ['clean', false]);
    assert.equal(comparisons(client), 1);
  });

  it('computes anew when a file was replaced', async () => {
    const client = await start();
    const { overview } = await ask(client);
    writeVariant(at('gin.pt'), at('gin.purified.pt'), 2);
    const { overview: second } = await ask(client);
    assert.notEqual(second.models[1].sha256, overview.models[1].sha256);
    assert.equal(comparisons(client), 2);
  });

  it('compares one model with itself by the trigger that its scan found', async () => {
    const client = await start();
    const params: ScanRequest.Params = { uri: toUri(at('gin.pt')), dataUri: toUri(at('data/TINY')) };
    const report = await client.request<ScanReport>(ScanRequest.method, params);
    const { overview, graph, text } = await ask(client, pair({ afterUri: undefined }));
    assert.deepEqual(overview.trigger?.summary, report.backdoor.evidence?.trigger);
    assert.deepEqual([graph.before.triggered, graph.after.triggered], [false, true]);
    assert.match(text.before, /without the trigger$/m);
    assert.match(text.after, /with the trigger$/m);
  });

  it('looks at the graphs that graphnad.json calls clean', async () => {
    const cleanIds = Array.from({ length: 40 }, (_, i) => 2 * i);
    writeFileSync(at('clean.json'), JSON.stringify(cleanIds));
    const manifest = { data: { folder: 'data/TINY', cleanIds: 'clean.json' } };
    writeFileSync(at('graphnad.json'), JSON.stringify(manifest));
    const { overview } = await ask(await start());
    assert.deepEqual(
      overview.graphs.map(({ id }) => id),
      cleanIds,
    );
  });

  it('says what is wrong with files and graphs', async () => {
    const client = await start();
    const graph = await client.failure(AttentionRequest.method, pair({ graph: 100_000 }));
    assert.equal(graph.message, 'graph 100000: it is not among the graphs that were looked at');
    const file = await client.failure(AttentionRequest.method, pair({ afterUri: toUri(at('none.pt')) }));
    assert.deepEqual([file.code, file.data?.name], [LSPErrorCodes.RequestFailed, 'CheckpointError']);
    const data = await client.failure(AttentionRequest.method, pair({ dataUri: toUri(at('none')) }));
    assert.equal(data.data?.name, 'DatasetError');
  });

  it('can be cancelled, and answers others all the same', async () => {
    const client = await start();
    const source = new CancellationTokenSource();
    const first = client.failure(AttentionRequest.method, pair(), source.token);
    await until('the comparison to start', () => comparisons(client) === 1);
    const second = ask(client);
    source.cancel();
    assert.equal((await first).code, LSPErrorCodes.RequestCancelled);
    assert.ok((await second).overview.graphs.length > 0);
  });

  it('ends the work that nobody waits for', async () => {
    const client = await start();
    const source = new CancellationTokenSource();
    const left = client.failure(AttentionRequest.method, pair(), source.token);
    await until('the comparison to start', () => comparisons(client) === 1);
    source.cancel();
    assert.equal((await left).code, LSPErrorCodes.RequestCancelled);
    await until('the comparison to end', () => client.jobs.some((line) => /^Job \d+ ended: attention/.test(line)));
  });

  it('needs a trusted workspace', async () => {
    const client = await startClient({ folders: [at()], settings, trusted: false });
    assert.match((await client.failure(AttentionRequest.method, pair())).message, /needs a trusted workspace/);
  });
});

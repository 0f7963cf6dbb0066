import assert from 'node:assert/strict';
import { cpSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { CancellationTokenSource, ErrorCodes, LSPErrorCodes } from 'vscode-languageserver/node';
import { PurifyMarkdownRequest } from '../../protocol/panel';
import type { PurifyReport } from '../../protocol/reports';
import { PurifyRequest, type PurifyParams } from '../../protocol/requests';
import { PurifySeedsRequest, type SeedReport } from '../../protocol/seeds';
import { toUri } from '../../server/src/lsp/fileUri';
import { useLspClient } from '../support/lspClient';
import { until } from '../support/processes';
import { useTinyWorkspace } from '../support/tinyWorkspace';
import { useTmpFolder } from '../support/tmpFolder';

describe('purifying with further seeds', function () {
  this.timeout(120_000);
  const at = useTmpFolder();
  const startClient = useLspClient();
  const tiny = useTinyWorkspace();
  /** Nothing happens but what is asked for. */
  const settings = { scan: { enabled: false } };
  const quick = { method: 'finetune', fineTuneEpochs: 10 };

  beforeEach(() => {
    cpSync(tiny().model, at('gin.pt'));
    cpSync(tiny().data, at('data/TINY'), { recursive: true });
  });

  const run = (): Omit<PurifyParams, 'jobId'> => ({
    uri: toUri(at('gin.pt')),
    dataUri: toUri(at('data/TINY')),
    outputUri: toUri(at('out.pt')),
    holdingRate: 0.2,
    options: quick,
  });
  const seedsOf = (first: PurifyReport, more: Partial<PurifySeedsRequest.Params> = {}): PurifySeedsRequest.Params => ({
    ...{ run: run(), first, seeds: [1, 2], jobId: 'seeds' },
    ...more,
  });
  const leftBehind = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('graphnad-seeds-'));

  it('measures each on the same graphs, compares them, and keeps no model', async () => {
    const client = await startClient({ settings });
    const before = leftBehind();
    const first = await client.request<PurifyReport>(PurifyRequest.method, { ...run(), seed: 0, jobId: 'first' });
    assert.equal(first.settings.options.fineTuneEpochs, 10);
    assert.match(first.commandLine, /--options '\{"method":"finetune","fineTuneEpochs":10\}'/);
    client.progress.splice(0);
    const report = await client.request<SeedReport>(PurifySeedsRequest.method, seedsOf(first));
    assert.deepEqual(
      report.runs.map(({ seed }) => seed),
      [0, 1, 2],
    );
    assert.deepEqual(report.runs[0].stages, first.stages);
    // The suspect is the same, and so are the graphs that its accuracy is measured on.
    assert.equal(report.spread[0].figures.acc?.deviation, 0);
    const accuracies = report.runs.map(({ stages }) => stages[2].estimated.acc);
    const mean = accuracies.reduce((sum, acc) => sum + acc, 0) / 3;
    assert.ok(Math.abs((report.spread[2].figures.acc?.mean ?? 0) - mean) < 1e-12);

    const steps = client.progress.map(({ progress }) => progress);
    assert.ok(steps.some(({ stage }) => stage.startsWith('Seed 2: ')));
    assert.ok(steps.every(({ fraction }, i) => fraction >= (steps[i - 1]?.fraction ?? 0) && fraction <= 1 + 1e-9));
    assert.deepEqual(readdirSync(at()).sort(), ['data', 'gin.pt', 'out.pt']);
    assert.deepEqual(leftBehind(), before);

    const text = await client.request<string>(PurifyMarkdownRequest.method, { report: first, seeds: report });
    assert.match(text, /^# Purification of gin\.pt\n/);
    assert.match(text, /\n## Over 3 seeds/);
  });

  it('refuses seeds that make no comparison, and figures of a file that has changed', async () => {
    const client = await startClient({ settings });
    const first = await client.request<PurifyReport>(PurifyRequest.method, { ...run(), seed: 0, jobId: 'first' });
    for (const seeds of [[], [0], [1, 1], [-1], [1.5]]) {
      const refused = await client.failure(PurifySeedsRequest.method, seedsOf(first, { seeds }));
      assert.equal(refused.code, ErrorCodes.InvalidParams, seeds.join());
    }
    const changed = { ...first, sha256: '0'.repeat(64) };
    const refused = await client.failure(PurifySeedsRequest.method, seedsOf(changed, { seeds: [1] }));
    assert.equal(refused.code, LSPErrorCodes.RequestFailed);
    assert.match(refused.message, /the model\. Run that again/);
  });

  it('refuses settings that the method does not have', async () => {
    const client = await startClient({ settings });
    const wrong = { ...run(), options: { rounds: 1 }, jobId: 'wrong' };
    const refused = await client.failure(PurifyRequest.method, wrong);
    assert.equal(refused.code, ErrorCodes.InvalidParams);
    assert.equal(refused.data?.option, 'rounds');
  });

  it('stops when it is cancelled, and leaves nothing behind', async () => {
    const client = await startClient({ settings });
    const before = leftBehind();
    const first = await client.request<PurifyReport>(PurifyRequest.method, { ...run(), seed: 0, jobId: 'first' });
    client.progress.splice(0);
    const source = new CancellationTokenSource();
    const cancelled = client.failure(PurifySeedsRequest.method, seedsOf(first), source.token);
    await until('it to run', () => client.progress.length > 0, 30_000);
    source.cancel();
    assert.equal((await cancelled).code, LSPErrorCodes.RequestCancelled);
    assert.deepEqual(leftBehind(), before);
    assert.equal((await client.untilIdle()).state, 'idle');
  });
});

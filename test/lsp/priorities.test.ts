import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import { CancellationTokenSource } from 'vscode-languageserver/node';
import { PurifyRequest, ReportRequest, ScanRequest, type PurifyParams } from '../../protocol/requests';
import type { ScanReport } from '../../protocol/reports';
import { toUri } from '../../server/src/lsp/fileUri';
import { useLspClient, type LspClient } from '../support/lspClient';
import { until } from '../support/processes';
import { useTinyWorkspace } from '../support/tinyWorkspace';
import { useTmpFolder } from '../support/tmpFolder';
import { writeVariant } from '../support/variants';

describe('many models', function () {
  this.timeout(120_000);
  const at = useTmpFolder();
  const startClient = useLspClient();
  const tiny = useTinyWorkspace();
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];

  beforeEach(() => {
    mkdirSync(at('models'));
    names.forEach((name, i) => writeVariant(tiny().model, at(`models/${name}.pt`), i));
    cpSync(tiny().data, at('models/z/TINY'), { recursive: true });
  });

  const start = (): Promise<LspClient> => startClient({ folders: [at('models')], settings: { workers: 1 } });

  /** Places in the log, in the order of events. */
  function places(client: LspClient, event: RegExp): number[] {
    return client.jobs.flatMap((line, place) => (event.test(line) ? [place] : []));
  }

  async function untilBackground(client: LspClient): Promise<void> {
    await until('a background scan', () => places(client, /started.*background/).length > 0, 60_000);
  }

  async function untilAllAssessed(client: LspClient): Promise<void> {
    for (const name of names) {
      const uri = toUri(at(`models/${name}.pt`));
      const kind = async (): Promise<string> =>
        (await client.request<ScanReport>(ReportRequest.method, { uri })).backdoor.kind;
      await until(`a verdict on ${name}`, async () => (await kind()) !== 'not-assessed', 60_000);
    }
    assert.equal((await client.untilIdle()).state, 'idle');
  }

  it('are all checked for code before the first is scanned for backdoors', async () => {
    const client = await start();
    await untilBackground(client);
    const [first] = places(client, /started.*background/);
    assert.equal(places(client, /ended: scan .*code-safety/).filter((place) => place < first).length, names.length);
    // What is known is published, and is no verdict.
    for (const name of names) {
      const file = at(`models/${name}.pt`);
      const { backdoor } = await client.request<ScanReport>(ReportRequest.method, { uri: toUri(file) });
      assert.deepEqual(backdoor, { kind: 'not-assessed', reason: 'the scan is still running' });
      await until(`what is known of ${name}`, () => client.codes(file)?.length === 0);
    }
    await until('progress', () =>
      client.statuses.some(({ activity }) => /^Scanning \w\.pt, \d+% and \d more$/.test(activity ?? '')),
    );
  });

  it('do not keep a scan waiting that somebody asks for, and are all scanned afterwards', async () => {
    const client = await start();
    await untilBackground(client);
    const asked = client.jobs.length;
    const report = await client.request<ScanReport>(ScanRequest.method, { uri: toUri(at('models/f.pt')) });
    assert.notEqual(report.backdoor.kind, 'not-assessed');
    const [begun] = places(client, /started: scan of f\.pt \(user\)/);
    const between = places(client, /(started|ended).*background/).filter((place) => place >= asked && place < begun);
    assert.ok(between.length <= 1, client.jobs.join('\n'));
    const [done] = places(client, /ended: scan of f\.pt \(user\)/);
    assert.deepEqual(
      places(client, /(started|ended).*background/).filter((place) => place > begun && place < done),
      [],
    );
    assert.equal(places(client, /gave way.*background/).length, 1);

    await untilAllAssessed(client);
    const again = client.jobs.filter((line) => / started.*background/.test(line));
    assert.equal(again.length, new Set(again).size + 1, client.jobs.join('\n'));
  });

  it('do not keep a purification waiting', async () => {
    const client = await start();
    await untilBackground(client);
    const asked = client.jobs.length;
    const source = new CancellationTokenSource();
    const params: PurifyParams = {
      uri: toUri(at('models/a.pt')),
      dataUri: toUri(at('models/z/TINY')),
      outputUri: toUri(at('out.pt')),
      holdingRate: 0.2,
      jobId: 'job 1',
    };
    const cancelled = client.failure(PurifyRequest.method, params, source.token);
    await until(
      'the teacher to train',
      () => client.progress.some(({ progress }) => progress.stage === 'Teacher'),
      60_000,
    );
    const [begun] = places(client, /started: purify of a\.pt \(user\)/);
    assert.ok(
      places(client, /(started|ended).*background/).filter((place) => place >= asked && place < begun).length <= 1,
    );
    assert.deepEqual(
      places(client, /started.*background/).filter((place) => place > begun),
      [],
    );
    source.cancel();
    await cancelled;
    await untilAllAssessed(client);
  });
});

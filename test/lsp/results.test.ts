import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { FileChangeType } from 'vscode-languageserver/node';
import type { ModelEntry } from '../../protocol/models';
import { PurifyRequest, ReportRequest, ReportTextRequest, ScanRequest } from '../../protocol/requests';
import type { PurifyReport, ScanReport } from '../../protocol/reports';
import { toUri } from '../../server/src/lsp/fileUri';
import { useLspClient, type LspClient, type LspClientOptions } from '../support/lspClient';
import { maliciousCheckpoint } from '../support/maliciousCheckpoint';
import { until } from '../support/processes';
import { useTinyWorkspace } from '../support/tinyWorkspace';
import { useTmpFolder } from '../support/tmpFolder';
import { writeVariant } from '../support/variants';

describe('results of earlier sessions', function () {
  this.timeout(90_000);
  // First, so that servers have ended before their folders are removed.
  const startClient = useLspClient();
  const at = useTmpFolder();
  const tiny = useTinyWorkspace();

  beforeEach(() => {
    mkdirSync(at('work'));
    cpSync(tiny().model, at('work/gin.pt'));
    cpSync(tiny().data, at('work/TINY'), { recursive: true });
  });

  const start = (options: LspClientOptions = {}): Promise<LspClient> =>
    startClient({ folders: [at('work')], cacheFolder: at('kept/results'), ...options });
  const report = (client: LspClient, file = at('work/gin.pt')): Promise<ScanReport> =>
    client.request(ReportRequest.method, { uri: toUri(file) });
  const hasVerdict = async (client: LspClient, file?: string): Promise<boolean> => {
    const known = (await report(client, file)) as ScanReport | null;
    return known !== null && known.backdoor.kind !== 'not-assessed';
  };
  /** A purified model gets no verdict, and what was seen is shown. */
  const isScanned = async (client: LspClient, file: string): Promise<boolean> =>
    ((await report(client, file)) as ScanReport | null)?.backdoor.evidence !== undefined;
  const started = (client: LspClient): string[] => client.jobs.filter((line) => line.includes('started'));

  /** A session that ends with its results. */
  async function wholeSession(options?: LspClientOptions): Promise<LspClient> {
    const client = await start(options);
    await until('a verdict', () => hasVerdict(client), 60_000);
    await client.untilIdle();
    assert.deepEqual(await client.shutDown(), [0, null]);
    return client;
  }

  /** What the first session left on the model and its data; which folder they are in is not part of it. */
  const left = (): string => `${tiny().folder}/kept`;
  /** What it published. */
  let published: ReturnType<LspClient['diagnostics']>;

  /** As if there had been a session before. */
  async function firstSession(): Promise<void> {
    if (published === undefined) {
      const first = await wholeSession();
      published = first.diagnostics(at('work/gin.pt'));
      assert.ok(published);
      cpSync(at('kept/results'), left(), { recursive: true });
    }
    cpSync(left(), at('kept/results'), { recursive: true });
  }

  it('are published at once, nothing is computed, and the report says when it was', async () => {
    const files = ['gin.pt', 'bad.pt', 'other.pt'].map((name) => at('work', name));
    writeFileSync(files[1], maliciousCheckpoint());
    writeVariant(tiny().model, files[2], 1);
    const first = await start();
    for (const file of [files[0], files[2]]) await until('a verdict', () => hasVerdict(first, file), 60_000);
    await first.untilCodes(files[1], 'GN101', 'GN901');
    await first.untilIdle();
    const before = await report(first);
    assert.equal(before.cached, undefined);
    assert.ok(first.jobs.length > 0);
    await first.shutDown();

    const second = await start();
    const beginning = performance.now();
    for (const file of [files[0], files[2]]) await until('a verdict', () => hasVerdict(second, file));
    for (const file of files) {
      await until('the same diagnostics', () => same(second.diagnostics(file), first.diagnostics(file)));
    }
    assert.ok(performance.now() - beginning < 15_000, `${performance.now() - beginning} ms`);
    const { cached, ...after } = await report(second);
    assert.deepEqual(after, before);
    assert.ok(Math.abs(Date.parse(cached?.computed ?? '') - Date.now()) < 120_000);
    assert.match(
      await second.request(ReportTextRequest.method, { uri: toUri(files[0]) }),
      /Not computed now: this is the result of \d{4}-/,
    );
    await second.untilIdle();
    assert.deepEqual(second.jobs, []);
    assert.deepEqual(second.workerIds, []);
  });

  it('are computed again when somebody asks for a scan', async () => {
    await firstSession();
    const client = await start();
    await until('a verdict', () => hasVerdict(client));
    assert.deepEqual(client.jobs, []);
    const fresh = await client.request<ScanReport>(ScanRequest.method, { uri: toUri(at('work/gin.pt')) });
    assert.equal(fresh.cached, undefined);
    assert.notEqual(fresh.backdoor.kind, 'not-assessed');
    assert.ok(started(client).some((line) => line.includes('(user)')));
  });

  it('are not those of another model, other data or another setting', async () => {
    await firstSession();
    const file = at('work/gin.pt');
    writeVariant(tiny().model, file, 2);
    const client = await start();
    await until('a verdict on the changed model', () => hasVerdict(client), 60_000);
    assert.equal((await report(client)).cached, undefined);

    const scans = (): number => started(client).filter((line) => line.includes('(background)')).length;
    assert.equal(scans(), 1);
    const { dataHash } = (await report(client)).settings;
    const told = client.toldOf(file).length;
    appendFileSync(at('work/TINY/TINY_A.txt'), readFileSync(at('work/TINY/TINY_A.txt'), 'utf8').split('\n')[0] + '\n');
    await client.filesChanged([at('work/TINY/TINY_A.txt')]);
    await until('it to be scanned again', () => scans() === 2);
    const meanwhile = (): readonly ModelEntry[] => client.toldOf(file).slice(told);
    await until('no verdict meanwhile', () => meanwhile().some(({ text }) => /still running/.test(text)));
    await until('a verdict with the changed data', () => hasVerdict(client), 60_000);
    assert.notEqual((await report(client)).settings.dataHash, dataHash);
    assert.equal(scans(), 2);

    await client.changeSettings({ seed: 5 });
    await until('a verdict with another seed', async () => (await report(client)).settings.seed === 5, 60_000);
    await until('a verdict with another seed', () => hasVerdict(client), 60_000);
    assert.equal(scans(), 3);

    // What was computed in this session counts as well.
    await client.changeSettings({ seed: 0 });
    await until('the verdict from before', async () => (await report(client)).settings.seed === 0);
    await until('the verdict from before', () => hasVerdict(client));
    assert.notEqual((await report(client)).cached, undefined);
    assert.equal(scans(), 3);
  });

  it('are not taken when they were damaged or put there by somebody else', async () => {
    await firstSession();
    const entries = readdirSync(at('kept/results'));
    assert.ok(entries.length >= 3);
    entries.forEach((entry, i) => {
      const file = at('kept/results', entry);
      const text = readFileSync(file, 'utf8');
      writeFileSync(
        file,
        i % 2 === 0 ? text.replace(/"message":"[^"]*"|"name":"TINY"|"seed":0/, '"x":0') : text.slice(0, 99),
      );
    });
    const second = await start();
    await until('a verdict', () => hasVerdict(second), 60_000);
    assert.equal((await report(second)).cached, undefined);
    await until('the diagnostics', () => same(second.diagnostics(at('work/gin.pt')), published));
  });

  it('are neither kept in nor taken from a folder inside of the workspace', async () => {
    const cacheFolder = at('work/.results');
    const client = await wholeSession({ cacheFolder });
    assert.ok(client.log.some((line) => line.includes('lies in the workspace')));
    assert.equal(existsSync(cacheFolder), false);

    // Results that are good everywhere else.
    await firstSession();
    cpSync(at('kept/results'), cacheFolder, { recursive: true });
    const second = await start({ cacheFolder });
    await until('a verdict', () => hasVerdict(second), 60_000);
    assert.equal((await report(second)).cached, undefined);
  });

  it('are deleted, and none are kept, where the user wants none', async () => {
    const keepResults = (on: boolean): object => ({ scan: { keepResults: on } });
    const kept = (): string[] => readdirSync(at('kept/results'));
    await firstSession();
    assert.notDeepEqual(kept(), []);
    await wholeSession({ settings: keepResults(false) });
    assert.deepEqual(kept(), []);

    const client = await start({ settings: keepResults(true) });
    await until('a verdict', () => hasVerdict(client), 60_000);
    assert.equal((await report(client)).cached, undefined);
    await until('results', () => kept().length >= 3);
    await client.changeSettings(keepResults(false));
    await until('no results', () => kept().length === 0);
    await client.request(ScanRequest.method, { uri: toUri(at('work/gin.pt')) });
    await client.shutDown();
    assert.deepEqual(kept(), []);
  });

  it('tell what a purification found out, and scan its output with the data it was given, also as a copy', async () => {
    const output = at('work/out.pt');
    // Nothing in the workspace tells of these data.
    renameSync(at('work/TINY'), at('elsewhere'));
    const first = await start();
    const made = await first.request<PurifyReport>(PurifyRequest.method, {
      ...{ uri: toUri(at('work/gin.pt')), dataUri: toUri(at('elsewhere')), outputUri: toUri(output) },
      ...{ holdingRate: 0.5, jobId: '1' },
    });
    await until('the scan of the output', () => isScanned(first, output), 60_000);
    const told = made.findings.map(({ code }) => code).filter((code) => code.startsWith('GN3'));
    await until('what was found out', () => told.every((code) => first.codes(output)?.includes(code)));
    await first.untilIdle();
    await first.shutDown();

    const second = await start();
    await second.untilIdle();
    cpSync(output, at('work/copy.pt'));
    await second.filesChanged([at('work/copy.pt')], FileChangeType.Created);
    for (const file of [output, at('work/copy.pt')]) {
      await until('the scan', () => isScanned(second, file), 60_000);
      assert.equal((await report(second, file)).settings.data, at('elsewhere'));
      await until('the findings', () => told.every((code) => second.codes(file)?.includes(code)));
    }
    assert.ok(!(await hasVerdict(second)), 'it says nothing of the suspect');
  });

  it('are those of two servers that run at the same time', async () => {
    const both = await Promise.all([start(), start()]);
    for (const client of both) await until('a verdict', () => hasVerdict(client), 80_000);
    for (const client of both) await client.shutDown();
    const third = await start();
    await until('a verdict', () => hasVerdict(third));
    assert.deepEqual(third.jobs, []);
    assert.equal(
      readdirSync(at('kept/results')).every((name) => /^[0-9a-f]{64}\.json$/.test(name)),
      true,
    );
  });
});

function same(a: unknown, b: unknown): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

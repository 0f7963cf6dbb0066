import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'jsonc-parser';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  FileChangeType,
  type CodeAction,
  type CodeLens,
  type CompletionItem,
  type DocumentLink,
  type Hover,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { ModelKnowledgeRequest, type ModelKnowledge } from '../../protocol/inspector';
import {
  CreateManifestRequest,
  ManifestSettingsRequest,
  stateArchitectureCommand,
  type Manifest,
} from '../../protocol/manifest';
import type { PurifyReport, ScanReport } from '../../protocol/reports';
import { DataCandidatesRequest, PurifyRequest, ReportRequest, ScanRequest } from '../../protocol/requests';
import { toUri } from '../../server/src/lsp/fileUri';
import { useLspClient, type LspClient } from '../support/lspClient';
import { saveMisread } from '../support/misread';
import { until } from '../support/processes';
import { useTinyWorkspace } from '../support/tinyWorkspace';
import { useTmpFolder } from '../support/tmpFolder';

describe('graphnad.json', function () {
  this.timeout(90_000);
  const at = useTmpFolder();
  const startClient = useLspClient();
  const tiny = useTinyWorkspace();

  beforeEach(() => {
    mkdirSync(at('models'));
    cpSync(tiny().model, at('models/gin.pt'));
    cpSync(tiny().data, at('data/TINY'), { recursive: true });
  });

  const file = (): string => at('graphnad.json');
  const textDocument = (): { uri: string } => ({ uri: toUri(file()) });
  function write(manifest: Manifest | string): string {
    const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest, null, 2);
    writeFileSync(file(), text);
    return text;
  }
  async function open(client: LspClient, text: string): Promise<TextDocument> {
    const document = { ...textDocument(), languageId: 'jsonc', version: 1, text };
    await client.notify('textDocument/didOpen', { textDocument: document });
    return TextDocument.create(document.uri, 'jsonc', 1, text);
  }
  const report = (client: LspClient): Promise<ScanReport | null> =>
    client.request(ReportRequest.method, { uri: toUri(at('models/gin.pt')) });
  const searched = (client: LspClient): Promise<void> =>
    until('the workspace to be searched', () => client.log.some((line) => line.includes('1 model file')));
  const quiet = { scan: { enabled: false } };

  describe('in the editor', () => {
    it('is checked as it is typed, against the files that are there', async () => {
      const client = await startClient({ folders: [at()], settings: quiet });
      const text = write({ models: [{ model: 'models/gni.pt' }] });
      const document = await open(client, text);
      await client.untilCodes(file(), 'missing-file');
      // An incremental change: the name is mended, and data that do not fit are named.
      const start = text.indexOf('gni');
      const range = { start: document.positionAt(start), end: document.positionAt(start + 3) };
      await client.notify('textDocument/didChange', {
        textDocument: { ...textDocument(), version: 2 },
        contentChanges: [{ range, text: 'gin' }],
      });
      await client.untilCodes(file());
      const wrong = JSON.stringify({ models: [{ model: 'models/gin.pt', data: { folder: 'data/TINY', features: 'degree' } }], sede: 1 }); // prettier-ignore
      await client.notify('textDocument/didChange', {
        textDocument: { ...textDocument(), version: 3 },
        contentChanges: [{ text: wrong.replace('degree', 'attributes') }],
      });
      const [data] = await client.untilCodes(file(), 'data', 'unknown-property');
      assert.match(data.message, /gin\.pt takes \d+ features per node.*labels would fit/);
      await client.notify('textDocument/didClose', { textDocument: textDocument() });
      await client.untilCodes(file());
    });

    it('looks again when files come and go', async () => {
      const client = await startClient({ folders: [at()], settings: quiet });
      await open(client, write({ models: [{ model: 'models/new.pt' }] }));
      await client.untilCodes(file(), 'missing-file');
      const lenses = async (): Promise<number> =>
        (await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: textDocument() })).length;
      assert.equal(await lenses(), 0);
      const refreshes = client.lensRefreshes;
      cpSync(tiny().model, at('models/new.pt'));
      await client.filesChanged([at('models/new.pt')], FileChangeType.Created);
      await client.untilCodes(file());
      await until('lenses to be asked for again', () => client.lensRefreshes > refreshes);
      assert.equal(await lenses(), 3);
    });

    it('is completed, explained, linked, and mended', async () => {
      const client = await startClient({ folders: [at()], settings: quiet });
      await searched(client);
      const text = write('{"models": [{"model": "models/gin.pt", "data": {"folder": "", "features": "lables"}}]}');
      const document = await open(client, text);
      const inside = (part: string): object => ({
        textDocument: textDocument(),
        position: document.positionAt(text.indexOf(part) + 1),
      });
      const complete = (): Promise<CompletionItem[]> => client.request('textDocument/completion', inside('""'));
      assert.deepEqual(
        (await complete()).map(({ label }) => label),
        ['data/TINY'],
      );
      // The size comes when a worker has read the data set.
      await until('its size', async () => (await complete())[0].detail === `TINY, ${tiny().graphs} graphs`);
      const hover = await client.request<Hover>('textDocument/hover', inside('"models/gin.pt"'));
      assert.match((hover.contents as { value: string }).value, /GIN, 2 layers.*Not scanned yet/s);
      const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: textDocument() });
      assert.deepEqual(lenses[0].command?.arguments, [{ uri: toUri(at('models/gin.pt')) }]);
      const links = await client.request<DocumentLink[]>('textDocument/documentLink', { textDocument: textDocument() });
      assert.deepEqual(
        links.map(({ target }) => target),
        [toUri(at('models/gin.pt'))],
      );
      const place = document.positionAt(text.indexOf('lables'));
      const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
        textDocument: textDocument(),
        range: { start: place, end: place },
        context: { diagnostics: [] },
      });
      assert.equal(actions[0].title, 'Change to "labels"');
    });

    it('knows the tensors in the file, and says which names are not among them', async () => {
      const client = await startClient({ folders: [at()], settings: quiet });
      await searched(client);
      const text = write(JSON.stringify({ models: [{ model: 'models/gin.pt', architecture: { tensors: { 'convs.0.n': 'convs.0.nn' } } }] })); // prettier-ignore
      const document = await open(client, text);
      const [problem] = await client.untilCodes(file(), 'tensor');
      assert.match(problem.message, /gin\.pt has no module or tensor convs\.0\.n\./);
      const place = { textDocument: textDocument(), position: document.positionAt(text.indexOf('convs.0.n') + 3) };
      const offered = await client.request<CompletionItem[]>('textDocument/completion', place);
      const weight = offered.find(({ label }) => label === 'convs.0.nn.0.weight');
      assert.match(weight?.detail ?? '', /^float32, \d+ × \d+$/);
      assert.ok(offered.some(({ label, detail }) => label === 'convs.0.nn' && detail?.startsWith('module of')));
      const range = { start: place.position, end: place.position };
      const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
        ...{ textDocument: textDocument(), range },
        context: { diagnostics: [] },
      });
      const [mend] = actions.filter(({ title }) => title === 'Change to "convs.0.nn"');
      const edits = mend?.edit?.changes?.[toUri(file())] ?? [];
      const mended = TextDocument.applyEdits(document, edits);
      await client.notify('textDocument/didChange', {
        textDocument: { ...textDocument(), version: 2 },
        contentChanges: [{ text: mended }],
      });
      await until('no problem with names', () => !client.published.get(textDocument().uri)?.some(({ code }) => code === 'tensor')); // prettier-ignore
    });

    it('follows models and data that are moved, also where it is not open', async () => {
      const client = await startClient({ folders: [at()], settings: quiet });
      const text = write({ data: { folder: 'data/TINY' }, models: [{ model: 'models/gin.pt' }] });
      await client.filesChanged([file()], FileChangeType.Created);
      const edit = (from: string, to: string): Promise<WorkspaceEdit | null> =>
        client.request('workspace/willRenameFiles', { files: [{ oldUri: toUri(at(from)), newUri: toUri(at(to)) }] });
      await until('the manifest to be known', async () => (await edit('models', 'nets')) !== null);
      const { changes } = (await edit('models', 'nets')) ?? assert.fail();
      const after = TextDocument.applyEdits(TextDocument.create('', '', 0, text), changes?.[toUri(file())] ?? []);
      assert.deepEqual(parse(after), { data: { folder: 'data/TINY' }, models: [{ model: 'nets/gin.pt' }] });
      assert.equal(await edit('elsewhere', 'x'), null);
    });

    it('follows them in an editor before its file was noticed', async () => {
      const client = await startClient({ folders: [at()], settings: quiet });
      await searched(client);
      await open(client, write({ models: [{ model: 'models/gin.pt' }] }));
      const renamed = { oldUri: toUri(at('models/gin.pt')), newUri: toUri(at('models/net.pt')) };
      const edit = await client.request<WorkspaceEdit | null>('workspace/willRenameFiles', { files: [renamed] });
      assert.deepEqual(
        edit?.changes?.[toUri(file())].map(({ newText }) => newText),
        ['"models/net.pt"'],
      );
    });

    it('is made of what the workspace holds, never over an existing one', async () => {
      const client = await startClient({ folders: [at()], settings: quiet });
      await searched(client);
      const params: CreateManifestRequest.Params = { folder: toUri(at()) };
      const created = await client.request<CreateManifestRequest.Result>(CreateManifestRequest.method, params);
      assert.deepEqual(created, { uri: toUri(file()), models: 1 });
      const written = readFileSync(file(), 'utf8');
      assert.deepEqual(parse(written), {
        data: { folder: 'data/TINY', features: 'labels' },
        models: [{ model: 'models/gin.pt' }],
      });
      assert.match((await client.failure(CreateManifestRequest.method, params)).message, /already exists/);
      assert.equal(readFileSync(file(), 'utf8'), written);
    });
  });

  describe('for a model of which parts are assumed', () => {
    const misread = (): string => at('models/misread.safetensors');
    beforeEach(() => saveMisread(tiny().model, misread()));
    const knowledge = (client: LspClient): Promise<ModelKnowledge> =>
      client.request(ModelKnowledgeRequest.method, { uri: toUri(misread()) });
    const state = (client: LspClient, model: string): Promise<unknown> =>
      client.request('workspace/executeCommand', { command: stateArchitectureCommand, arguments: [toUri(model)] });

    it('is where these can be stated, by a quick fix on the finding that says so', async () => {
      const client = await startClient({ folders: [at()] });
      const [finding] = await client.untilCodes(misread(), 'GN905');
      assert.match(finding.message, /what is assumed may be wrong/);
      const { uri, range } = finding.relatedInformation?.[0]?.location ?? assert.fail();
      const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
        ...{ textDocument: { uri }, range, context: { diagnostics: [] } },
      });
      const [{ command }] = actions;
      assert.equal(command?.title, 'State the architecture of misread.safetensors in graphnad.json');
      const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
      assert.deepEqual(
        lenses.map((lens) => lens.command),
        [command],
      );
      await client.request('workspace/executeCommand', command);

      const { assumed = {} } = await knowledge(client);
      assert.ok('readout' in assumed);
      const edits = client.edits[0].changes?.[toUri(file())] ?? [];
      const before = TextDocument.create('', '', 0, readFileSync(file(), 'utf8'));
      const after = TextDocument.applyEdits(before, edits);
      assert.deepEqual(parse(after), { models: [{ model: 'models/misread.safetensors', architecture: assumed }] });
      const [{ uri: shown, selection = range }] = client.shown;
      assert.equal(shown, toUri(file()));
      assert.deepEqual(parse(TextDocument.create('', '', 0, after).getText(selection)), assumed);

      // What is stated is believed: the scan comes to another answer.
      writeFileSync(file(), after);
      await client.filesChanged([file()], FileChangeType.Created);
      await until('a scan by it', async () => (await knowledge(client)).assumed === undefined, 60_000);
      assert.match((await state(client, misread()).catch(String)) as string, /No scan came to know.*misread/);
    });

    it('is not written in a workspace that is not trusted', async () => {
      const client = await startClient({ folders: [at()], trusted: false });
      await client.untilCodes(misread());
      assert.match((await state(client, misread()).catch(String)) as string, /needs a trusted workspace/);
      assert.ok(!existsSync(file()));
    });
  });

  describe('on disk', () => {
    it('says how models are scanned, and a change has them scanned again', async () => {
      cpSync(at('data/TINY'), at('other'), { recursive: true });
      write({ models: [{ model: 'models/*.pt', data: { folder: 'other' }, seed: 3, severities: { GN904: 'error' } }] });
      const client = await startClient({ folders: [at()] });
      await until('a verdict', async () => (await report(client))?.settings.data !== undefined, 60_000);
      const first = await report(client);
      assert.deepEqual([first?.settings.data, first?.settings.seed], [at('other'), 3]);
      await client.untilIdle();

      write({ models: [{ model: 'models/gin.pt', data: { folder: 'nowhere' }, severities: { GN904: 'error' } }] });
      await client.filesChanged([file()]);
      const [diagnostic] = await client.untilCodes(at('models/gin.pt'), 'GN904');
      assert.equal(diagnostic.severity, 1);

      write('{"models": [');
      await client.filesChanged([file()]);
      const [broken] = await client.untilCodes(at('models/gin.pt'), 'GN906');
      assert.match(broken.message, /Not assessed for backdoors: .*graphnad\.json: line 1, column/);

      renameSync(file(), at('off.json'));
      await client.filesChanged([file()], FileChangeType.Deleted);
      await until('the next verdict', async () => (await report(client))?.settings.seed === 0, 60_000);
    });

    it('names the graphs that are known to be clean, and a change of their list counts', async () => {
      writeFileSync(at('clean.json'), JSON.stringify(Array.from({ length: 12 }, (_, i) => i)));
      write({ data: { folder: 'data/TINY', cleanIds: 'clean.json' } });
      const client = await startClient({ folders: [at()] });
      const cleanGraphs = async (): Promise<number | undefined> => (await report(client))?.settings.cleanGraphs;
      await until('a scan of 12 graphs', async () => (await cleanGraphs()) === 12, 60_000);
      writeFileSync(at('clean.json'), JSON.stringify(Array.from({ length: 20 }, (_, i) => i)));
      await client.filesChanged([at('clean.json')]);
      await until('a scan of 20 graphs', async () => (await cleanGraphs()) === 20, 60_000);
    });

    it('says how a model is purified', async () => {
      writeFileSync(at('clean.json'), JSON.stringify(Array.from({ length: 20 }, (_, i) => i)));
      const options = { fineTuneEpochs: 2 };
      const data = { folder: 'data/TINY', features: 'labels', cleanIds: 'clean.json' } as const;
      write({ seed: 5, models: [{ model: 'models/gin.pt', data, purify: { method: 'finetune', options, output: '{name}.clean.pt' } }] }); // prettier-ignore
      const client = await startClient({ folders: [at()], settings: quiet });
      const uri = toUri(at('models/gin.pt'));
      const settings = (): Promise<ManifestSettingsRequest.Result> =>
        client.request(ManifestSettingsRequest.method, { uri });
      await until('the folder to be known', async () => (await settings()) !== null);
      assert.deepEqual(await settings(), {
        manifest: toUri(file()),
        data: toUri(at('data/TINY')),
        namesCleanGraphs: true,
        seed: 5,
        output: toUri(at('gin.clean.pt')),
      });
      const candidates = await client.request<DataCandidatesRequest.Result>(DataCandidatesRequest.method, { uri });
      assert.equal(candidates[0].namedBy, 'graphnad.json');
      const purified = await client.request<PurifyReport>(PurifyRequest.method, {
        ...{ uri, dataUri: toUri(at('data/TINY')), outputUri: toUri(at('gin.clean.pt')), jobId: 'a' },
      });
      assert.deepEqual([purified.method, purified.settings.seed, purified.settings.cleanGraphs], ['finetune', 5, 20]);
      assert.equal(purified.settings.options.fineTuneEpochs, 2);
      assert.ok(existsSync(at('gin.clean.pt')));
    });

    it('comes after what somebody asks for', async () => {
      write({ seed: 5, data: { folder: 'nowhere' } });
      const client = await startClient({ folders: [at()], settings: quiet });
      const asked = await client.request<ScanReport>(ScanRequest.method, {
        ...{ uri: toUri(at('models/gin.pt')), dataUri: toUri(at('data/TINY')) },
      });
      assert.equal(asked.settings.data, at('data/TINY'));
      assert.equal(path.basename(asked.file), 'gin.pt');
    });
  });
});

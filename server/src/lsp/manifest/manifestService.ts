import path from 'node:path';
import {
  CodeLensRefreshRequest,
  TextDocuments,
  type ClientCapabilities,
  type Connection,
  type ServerCapabilities,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  CreateManifestRequest,
  manifestName,
  ManifestSettingsRequest,
  stateArchitectureCommand,
} from '../../../../protocol/manifest';
import { modelExtensions } from '../../../../protocol/model';
import { readSmall } from '../../jobs/manifest/modelSettings';
import type { ManifestProblem } from '../../jobs/manifest/problem';
import { isBelow } from '../../jobs/paths';
import { writeWhole } from '../../jobs/writeWhole';
import { answer } from '../answer';
import type { Publisher } from '../publisher';
import { logText } from '../errors';
import { toPath, toPaths, toUri } from '../fileUri';
import { unheard } from '../unheard';
import { ArchitectureStatements } from './architectureStatements';
import { completions } from './completion';
import { manifestDiagnostics, problemsOf } from './diagnostics';
import { firstManifest, type FoundModel } from './firstManifest';
import { hoverAt } from './hover';
import { codeLenses } from './lenses';
import { documentLinks } from './links';
import type { Manifests } from './manifests';
import { viewOf, type ManifestView } from './manifestView';
import { quickFixes } from './quickFixes';
import { renameEdits } from './rename';
import { WorkspaceWorld, type WorldTools } from './workspaceWorld';

export interface ManifestTools extends WorldTools {
  readonly connection: Connection;
  readonly manifests: Manifests;
  readonly publisher: Publisher;
}

/** A manifest is looked at when nobody has typed for so long, in milliseconds. */
const quiet = 250;

/** Models of a first manifest; the others are added by hand, or by a pattern. */
const mostEntries = 500;

/** What the server can do with `graphnad.json`, for its answer to `initialize`. */
export const manifestCapabilities: ServerCapabilities = {
  completionProvider: { triggerCharacters: ['"', '/', ':'] },
  hoverProvider: true,
  codeActionProvider: { codeActionKinds: ['quickfix'] },
  codeLensProvider: {},
  documentLinkProvider: {},
  executeCommandProvider: { commands: [stateArchitectureCommand] },
};

/** Files and folders whose moves manifests have to follow. */
export const manifestRenames: NonNullable<ServerCapabilities['workspace']>['fileOperations'] = {
  willRename: {
    filters: [
      { scheme: 'file', pattern: { glob: '**', matches: 'folder' } },
      { scheme: 'file', pattern: { glob: `**/*.{json,${modelExtensions.join(',')}}`, matches: 'file' } },
    ],
  },
};

/** The language features of `graphnad.json`. */
export class ManifestService {
  private readonly documents = new TextDocuments(TextDocument);
  private readonly world: WorkspaceWorld;
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly known = new Map<
    string,
    { readonly version: number; readonly problems: Promise<ManifestProblem[]> }
  >();
  private readonly statements: ArchitectureStatements;
  private clientHasSchema = false;
  private refreshesLenses = false;
  private lensTimer: NodeJS.Timeout | undefined;

  constructor(private readonly tools: ManifestTools) {
    this.world = new WorkspaceWorld(tools);
    const { connection } = tools;
    this.statements = new ArchitectureStatements(tools, (file) => this.document(file));
    this.documents.listen(connection);
    this.documents.onDidChangeContent(({ document }) => this.checkSoon(document.uri));
    this.documents.onDidClose(({ document }) => this.forget(document.uri));
    connection.onCompletion(({ textDocument, position }) =>
      this.with(textDocument.uri, [], (view) => completions(view, this.world, position, this.clientHasSchema)),
    );
    connection.onHover(({ textDocument, position }) =>
      this.with(
        textDocument.uri,
        null,
        async (view) => (await hoverAt(view, this.world, position, this.clientHasSchema)) ?? null,
      ),
    );
    connection.onCodeAction(({ textDocument, range, context }) =>
      this.with(textDocument.uri, this.statements.inReport(textDocument.uri, range), async (view) => [
        ...quickFixes(view, this.world, await this.problems(view), range, context.diagnostics),
        ...this.statements.inManifest(view, range),
      ]),
    );
    connection.onCodeLens(({ textDocument }) =>
      this.with(textDocument.uri, this.statements.aboveFinding(textDocument.uri), (view) =>
        codeLenses(view, this.world),
      ),
    );
    connection.onDocumentLinks(({ textDocument }) =>
      this.with(textDocument.uri, [], (view) => documentLinks(view, this.world)),
    );
    connection.workspace.onWillRenameFiles(({ files }) => this.edits(files));
    answer<ManifestSettingsRequest.Params, ManifestSettingsRequest.Result>(
      connection,
      ManifestSettingsRequest.method,
      ({ uri }) => this.settings(toPath(uri)),
    );
    answer<CreateManifestRequest.Params, CreateManifestRequest.Result>(
      connection,
      CreateManifestRequest.method,
      ({ folder }) => this.create(toPath(folder)),
    );
  }

  /** @param options what the client sent at the start, of any shape */
  initialize(options: unknown, capabilities: ClientCapabilities): void {
    this.statements.initialize(capabilities);
    this.refreshesLenses = capabilities.workspace?.codeLens?.refreshSupport === true;
    const { manifestSchema } = (options ?? {}) as { readonly manifestSchema?: unknown };
    this.clientHasSchema = manifestSchema === true;
  }

  /** Models or data sets came, went or changed: what open manifests say of them may be right or wrong now. */
  filesChanged(): void {
    const open = this.documents.keys().filter(isManifest);
    for (const uri of open) this.checkSoon(uri);
    if (open.length > 0 && this.refreshesLenses) this.lensTimer ??= setTimeout(() => this.refreshLenses(), quiet);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    clearTimeout(this.lensTimer);
  }

  /** Which entries have lenses hangs on the files that are there, too, and editors ask when the text changes alone. */
  private refreshLenses(): void {
    this.lensTimer = undefined;
    unheard(this.tools.connection.sendRequest(CodeLensRefreshRequest.type));
  }

  private with<Result>(
    uri: string,
    none: Result,
    look: (view: ManifestView) => Promise<Result>,
  ): Result | Promise<Result> {
    const document = this.documents.get(uri);
    return document && isManifest(uri) ? look(viewOf(document)) : none;
  }

  private checkSoon(uri: string): void {
    clearTimeout(this.timers.get(uri));
    this.timers.set(
      uri,
      setTimeout(() => {
        this.timers.delete(uri);
        this.check(uri).catch((error: unknown) => this.tools.connection.console.error(logText(error)));
      }, quiet),
    );
  }

  /** What the last check found, as long as the text is the same: editors ask for fixes with every move of the cursor. */
  private problems(view: ManifestView): Promise<ManifestProblem[]> {
    const { uri, version } = view.document;
    const known = this.known.get(uri);
    if (known?.version === version) return known.problems;
    const problems = problemsOf(view, this.world);
    this.known.set(uri, { version, problems });
    return problems;
  }

  private async check(uri: string): Promise<void> {
    const document = this.documents.get(uri);
    if (!document || !isManifest(uri)) return;
    const view = viewOf(document);
    const { version } = document;
    this.known.delete(uri);
    const problems = await this.problems(view);
    if (this.documents.get(uri)?.version !== version) return; // a later check is on its way
    const diagnostics = manifestDiagnostics(view, problems, this.clientHasSchema);
    unheard(this.tools.connection.sendDiagnostics({ uri, version, diagnostics }));
  }

  private forget(uri: string): void {
    clearTimeout(this.timers.get(uri));
    this.timers.delete(uri);
    this.known.delete(uri);
    unheard(this.tools.connection.sendDiagnostics({ uri, diagnostics: [] }));
  }

  /**
   * Manifests of the workspace, as they are in editors, else on disk. Those in editors are asked first of all: the
   * watcher that tells of files can be late for one that was made a moment ago.
   */
  private async edits(
    files: readonly { readonly oldUri: string; readonly newUri: string }[],
  ): Promise<WorkspaceEdit | null> {
    const moves = files.flatMap(({ oldUri, newUri }) => {
      const [from, to] = [toPaths([oldUri]), toPaths([newUri])];
      return from.length > 0 && to.length > 0 ? [{ from: from[0], to: to[0] }] : [];
    });
    const changes: NonNullable<WorkspaceEdit['changes']> = {};
    const open = this.documents.keys().filter(isManifest);
    for (const uri of new Set([...open, ...this.tools.index.manifests.map(toUri)])) {
      const file = toPath(uri);
      const document = await this.document(file);
      const edits = document ? renameEdits(viewOf(document), moves, this.world.boundaryOf(file)) : [];
      if (edits.length > 0) changes[uri] = edits;
    }
    return Object.keys(changes).length === 0 ? null : { changes };
  }

  /** A manifest as it is in an editor, else on disk. */
  private async document(file: string): Promise<TextDocument | undefined> {
    const open = this.documents.get(toUri(file));
    if (open !== undefined) return open;
    const text = await readSmall(file, (reason) => new Error(reason)).catch(() => undefined);
    return text === undefined ? undefined : TextDocument.create(toUri(file), 'jsonc', 0, text);
  }

  private async settings(model: string): Promise<ManifestSettingsRequest.Result> {
    const settings = await this.tools.manifests.settingsFor(model);
    if (settings === undefined) return null;
    const { manifest, data, seed, purify } = settings;
    return {
      manifest: toUri(manifest),
      data: data && toUri(data.folder),
      namesCleanGraphs: data?.cleanIds !== undefined,
      holdingRate: purify.holdingRate,
      seed,
      output: purify.output === undefined ? undefined : toUri(purify.output),
    };
  }

  /** @throws ResponseError where the workspace is not trusted, OutputError where there is a manifest already, or it cannot be written */
  private async create(folder: string): Promise<CreateManifestRequest.Result> {
    const { index, discovery, trust } = this.tools;
    trust.require(`Writing ${manifestName}`);
    await index.searched();
    const file = path.join(folder, manifestName);
    const files = index.modelFiles.filter((model) => isBelow(model, folder)).slice(0, mostEntries);
    const models: FoundModel[] = [];
    for (const model of files) {
      const { architecture } = await this.world.model(model);
      const [best] = architecture ? await discovery.rank(model, architecture) : [];
      const fits = best !== undefined && best.fitting.length > 0 && isBelow(best.folder, folder);
      models.push({ file: model, data: fits ? best : undefined });
    }
    await writeWhole(file, firstManifest(models, file));
    return { uri: toUri(file), models: models.length };
  }
}

/** Editors that were not asked to may tell of other documents as well. */
function isManifest(uri: string): boolean {
  return toPaths([uri]).some((file) => path.basename(file) === manifestName);
}

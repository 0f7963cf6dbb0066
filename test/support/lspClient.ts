import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  ApplyWorkspaceEditRequest,
  CodeLensRefreshRequest,
  createProtocolConnection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  ExitNotification,
  FileChangeType,
  InitializedNotification,
  InitializeRequest,
  IPCMessageReader,
  IPCMessageWriter,
  LogMessageNotification,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShowDocumentRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  WorkDoneProgressCreateRequest,
  type CancellationToken,
  type Diagnostic as AnyDiagnostic,
  type FileSystemWatcher,
  type InitializeParams,
  type InitializeResult,
  type ProtocolConnection,
  type ShowDocumentParams,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { ModelsNotification, TrustNotification, type ModelEntry } from '../../protocol/models';
import { JobProgressNotification, StatusNotification } from '../../protocol/requests';
import { toUri } from '../../server/src/lsp/fileUri';
import { isAlive, until } from './processes';

/** The bundles under test: `dist/`, or another folder that `GRAPHNAD_DIST` names. */
export const distFolder = path.resolve(process.env.GRAPHNAD_DIST ?? path.join(__dirname, '../../dist'));
const serverScript = path.join(distFolder, 'server.js');

export interface LspClientOptions {
  readonly folders?: readonly string[];
  /** Content of the section `graphnad`. */
  readonly settings?: object;
  /** The section of workspace folders that have one of their own, by path. */
  readonly folderSettings?: Readonly<Record<string, object>>;
  /** Whether the user trusts the workspace. Default true. */
  readonly trusted?: boolean;
  readonly capabilities?: InitializeParams['capabilities'];
  /** `ipc` is how VS Code talks to it. Default `stdio`. */
  readonly transport?: 'stdio' | 'ipc';
  /** Environment variables of the server, besides those of the tests. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where results may be kept; nowhere by default. */
  readonly cacheFolder?: string;
}

/** A diagnostic whose message is plain text, as ours are. */
type Diagnostic = AnyDiagnostic & { readonly message: string };

const usualCapabilities: InitializeParams['capabilities'] = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    codeLens: { refreshSupport: true },
  },
  textDocument: { publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true } },
  window: { workDoneProgress: true, showDocument: { support: true } },
};

/** A language client that talks to a real server process over its standard streams. */
export class LspClient {
  readonly log: string[] = [];
  readonly statuses: StatusNotification.Params[] = [];
  readonly progress: JobProgressNotification.Params[] = [];
  /** The models of the workspace as they were told, by URI. */
  readonly models = new Map<string, ModelEntry>();
  private readonly modelNews: ModelEntry[] = [];
  readonly registered = new Set<string>();
  readonly watchers: FileSystemWatcher[] = [];
  /** Tokens of work-done progress that the server created. */
  readonly workDoneTokens: (string | number)[] = [];
  /** Edits that the server asked for. */
  readonly edits: WorkspaceEdit[] = [];
  /** Documents that it asked to be shown. */
  readonly shown: ShowDocumentParams[] = [];
  /** How often the server asked for lenses to be drawn anew. */
  lensRefreshes = 0;
  initializeResult: InitializeResult | undefined;
  /** What was published last, by URI. */
  readonly published = new Map<string, Diagnostic[]>();
  private readonly connection: ProtocolConnection;
  private readonly exit: Promise<unknown>;
  private stderr = '';

  private constructor(
    private readonly server: ChildProcess,
    private settings: object,
    private readonly folderSettings: Readonly<Record<string, object>>,
  ) {
    assert.ok(server.stdout && server.stdin && server.stderr);
    server.stderr.on('data', (text) => (this.stderr += String(text)));
    this.exit = once(server, 'exit');
    this.connection = server.channel
      ? createProtocolConnection(new IPCMessageReader(server), new IPCMessageWriter(server))
      : createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
    this.answer();
    this.connection.listen();
  }

  /** Starts a server and initializes it. Register `dispose` to be called in the end. */
  static async start(options: LspClientOptions): Promise<LspClient> {
    const { folders = [], settings = {}, capabilities = usualCapabilities, transport = 'stdio' } = options;
    const { cacheFolder, trusted, folderSettings = {} } = options;
    const env = { ...process.env, ...options.env };
    assert.ok(existsSync(serverScript), `${serverScript} is missing: run "npm run build" first`);
    const server =
      transport === 'stdio'
        ? spawn(process.execPath, [serverScript, '--stdio'], { stdio: 'pipe', env })
        : spawn(process.execPath, [serverScript, '--node-ipc'], { stdio: ['pipe', 'pipe', 'pipe', 'ipc'], env });
    const client = new LspClient(server, settings, folderSettings);
    client.initializeResult = await client.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      capabilities,
      initializationOptions: { cacheFolder, trusted },
      workspaceFolders: folders.map(workspaceFolder),
    });
    await client.connection.sendNotification(InitializedNotification.type, {});
    return client;
  }

  get processId(): number {
    return this.server.pid ?? 0;
  }

  /** Ids of all worker processes so far, from the server's log. */
  get workerIds(): number[] {
    return this.log.flatMap((line) => /^Analysis process (\d+) started$/.exec(line)?.slice(1).map(Number) ?? []);
  }

  /** What the log says of jobs, such as `Job 1 started: scan of gin.pt (background)`, in the order of events. */
  get jobs(): string[] {
    return this.log.filter((line) => line.startsWith('Job '));
  }

  request<Result>(method: string, params: object, token?: CancellationToken): Promise<Result> {
    // An argument that is undefined would be a second parameter.
    return token === undefined
      ? this.connection.sendRequest<Result>(method, params)
      : this.connection.sendRequest<Result>(method, params, token);
  }

  /** The error that a request ends with. */
  async failure(method: string, params: object, token?: CancellationToken): Promise<RequestFailure> {
    const outcome = await this.request(method, params, token).then(
      () => assert.fail(`${method} was answered`),
      (error: unknown) => error,
    );
    return outcome as RequestFailure;
  }

  /** What was published last for a file; undefined before the first time. */
  diagnostics(file: string): Diagnostic[] | undefined {
    return this.published.get(toUri(file));
  }

  codes(file: string): unknown[] | undefined {
    return this.diagnostics(file)?.map(({ code }) => code);
  }

  /** Waits until exactly these codes are published for a file. */
  async untilCodes(file: string, ...codes: string[]): Promise<Diagnostic[]> {
    const wanted = [...codes].sort().join();
    const matches = (): boolean => this.codes(file)?.map(String).sort().join() === wanted;
    await until(`${path.basename(file)} to have [${wanted}]`, matches, 30_000).catch((error: Error) => {
      assert.fail(`${error.message}; it has [${this.codes(file)?.join()}]\n${this.log.join('\n')}\n${this.stderr}`);
    });
    return this.diagnostics(file) ?? [];
  }

  /** Waits until nothing runs. */
  async untilIdle(): Promise<StatusNotification.Params> {
    const last = (): StatusNotification.Params | undefined => this.statuses.at(-1);
    await until('the server to be idle', () => last()?.state === 'idle' && this.statuses.length > 0, 30_000);
    return last()!;
  }

  notify(method: string, params: object): Promise<void> {
    return this.connection.sendNotification(method, params);
  }

  /** Tells of files that were created, changed or deleted. */
  async filesChanged(files: readonly string[], type: FileChangeType = FileChangeType.Changed): Promise<void> {
    await this.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: files.map((file) => ({ uri: toUri(file), type })),
    });
  }

  async foldersChanged(added: readonly string[], removed: readonly string[]): Promise<void> {
    await this.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, {
      event: { added: added.map(workspaceFolder), removed: removed.map(workspaceFolder) },
    });
  }

  async changeSettings(settings: object): Promise<void> {
    this.settings = settings;
    await this.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
  }

  async cancelWorkDone(token: string | number): Promise<void> {
    await this.connection.sendNotification('window/workDoneProgress/cancel', { token });
  }

  /** What was told of a model file of the workspace. */
  model(file: string): ModelEntry | undefined {
    return this.models.get(toUri(file));
  }

  /** All that was ever told of a model file, in order: what holds for moments alone is there afterwards, too. */
  toldOf(file: string): readonly ModelEntry[] {
    return this.modelNews.filter(({ uri }) => uri === toUri(file));
  }

  async grantTrust(): Promise<void> {
    await this.connection.sendNotification(TrustNotification.method, {});
  }

  /** Shuts the server down as the protocol wants. @returns its exit code and signal */
  async shutDown(): Promise<unknown> {
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    return this.exit;
  }

  /** Ends the server, however it is. */
  async dispose(): Promise<void> {
    this.connection.dispose();
    if (isAlive(this.processId)) this.server.kill('SIGKILL');
    if (this.server.exitCode === null && this.server.signalCode === null) await this.exit;
  }

  private answer(): void {
    const { connection } = this;
    const ofFolders = new Map(Object.entries(this.folderSettings).map(([folder, own]) => [toUri(folder), own]));
    connection.onRequest('workspace/configuration', ({ items }: { items: { scopeUri?: string }[] }) =>
      items.map(({ scopeUri = '' }) => ofFolders.get(scopeUri) ?? this.settings),
    );
    connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
      for (const { method, registerOptions } of registrations) {
        this.registered.add(method);
        this.watchers.push(...((registerOptions as { watchers?: FileSystemWatcher[] } | undefined)?.watchers ?? []));
      }
    });
    connection.onRequest(ApplyWorkspaceEditRequest.type, ({ edit }) => {
      this.edits.push(edit);
      return { applied: true };
    });
    connection.onRequest(ShowDocumentRequest.type, (params) => {
      this.shown.push(params);
      return { success: true };
    });
    connection.onRequest(CodeLensRefreshRequest.type, () => void this.lensRefreshes++);
    connection.onRequest(WorkDoneProgressCreateRequest.type, ({ token }) => void this.workDoneTokens.push(token));
    connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
      this.published.set(uri, diagnostics as Diagnostic[]);
    });
    connection.onNotification(LogMessageNotification.type, ({ message }) => void this.log.push(message));
    connection.onNotification(ModelsNotification.method, ({ changed, removed }: ModelsNotification.Params) => {
      this.modelNews.push(...changed);
      for (const entry of changed) this.models.set(entry.uri, entry);
      for (const uri of removed) this.models.delete(uri);
    });
    connection.onNotification(StatusNotification.method, (status: StatusNotification.Params) => {
      this.statuses.push(status);
    });
    connection.onNotification(JobProgressNotification.method, (progress: JobProgressNotification.Params) => {
      this.progress.push(progress);
    });
  }
}

export interface RequestFailure {
  readonly code: number;
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

function workspaceFolder(folder: string): { uri: string; name: string } {
  return { uri: toUri(folder), name: path.basename(folder) };
}

/** Starts clients in tests and ends their servers after each. */
export function useLspClient(): (options?: LspClientOptions) => Promise<LspClient> {
  const clients: LspClient[] = [];
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.dispose()));
  });
  return async (options = {}) => {
    const client = await LspClient.start(options);
    clients.push(client);
    return client;
  };
}

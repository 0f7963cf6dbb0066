import path from 'node:path';
import {
  DidChangeConfigurationNotification,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver';
import { name, version } from '../../../package.json';
import { RefreshModelsRequest, TrustNotification } from '../../../protocol/models';
import { JobCache } from '../jobs/cache/jobCache';
import { Purifications } from '../jobs/cache/purifications';
import { WorkerPool, type JobEvent } from '../jobs/pool';
import { DataDiscovery } from './dataDiscovery';
import { logText } from './errors';
import { toPaths } from './fileUri';
import { Manifests } from './manifest/manifests';
import { manifestCapabilities, manifestRenames, ManifestService } from './manifest/manifestService';
import { ModelNews } from './modelNews';
import { nameInWorkspace } from './names';
import { Publisher } from './publisher';
import { Executors } from './queue/executors';
import { takeQueuePassword } from './queue/password';
import { answerRequests } from './requests';
import { ResultStore } from './resultStore';
import { ScanService } from './scanService';
import { SettingsStore } from './settings';
import { Status } from './status';
import { WorkspaceTrust } from './trust';
import { Watcher } from './watcher';
import { Workspace } from './workspace';
import { WorkspaceIndex } from './workspaceIndex';

/**
 * Wires the language server up and listens.
 *
 * @param workerScript path of the bundled worker
 */
export function serve(connection: Connection, workerScript: string): void {
  const pool = new WorkerPool({
    script: workerScript,
    onStart: (processId) => connection.console.log(`Analysis process ${processId} started`),
    onJob: (event) => connection.console.debug(jobText(event)),
  });
  const programFolder = path.dirname(workerScript);
  const executor = new Executors({
    ...{ local: pool, password: takeQueuePassword(process.env), programFolder, log: connection.console },
    onChange: () => status.changed(),
    onUsable: () => scans.tryAgain(),
  });
  const store = new ResultStore(connection.console, programFolder);
  const cache = new JobCache(() => store.get());
  const settings = new SettingsStore(connection);
  const status: Status = new Status(connection, () => ({
    models: index.modelFiles.length,
    ...publisher.totals(),
    backend: scans.backend,
    restricted: trust.granted ? undefined : true,
    queue: executor.standing,
  }));
  const trust = new WorkspaceTrust();
  const purifications = new Purifications(() => store.get());
  const news: ModelNews = new ModelNews(connection, (file) => scans.entry(file));
  const publisher = new Publisher(
    connection,
    () => status.changed(),
    (file) => nameInWorkspace(index, file),
  );
  const index: WorkspaceIndex = new WorkspaceIndex({
    modelChanged: (file) => {
      if (workspace.settingsFor(file).scan.enabled) scans.scanInBackground(file);
      news.changed(file);
      status.changed();
      language.filesChanged();
    },
    modelRemoved: (file) => {
      scans.forget(file);
      language.filesChanged();
    },
    dataChanged: (folder) => {
      scans.dataChanged(folder);
      language.filesChanged();
    },
    limitReached: (message) => connection.console.warn(message),
  });
  const discovery = new DataDiscovery({ executor, cache }, async () => {
    await index.searched();
    return index.dataFolders;
  });
  const tools = {
    ...{ connection, executor, cache, settings, status, publisher, index, discovery },
    ...{ news, purifications, trust, manifests: new Manifests({ index, trust }) },
  };
  const scans = new ScanService(tools);
  const workspace = new Workspace({ ...tools, scans, store, pool });
  const language = new ManifestService({ ...tools, scans });
  const watcher = new Watcher(connection, (paths) => {
    workspace.refresh(paths);
    language.filesChanged();
    if (paths.some((file) => tools.manifests.concerns(file))) workspace.manifestsChanged();
  });
  answerRequests({ ...tools, scans });

  let client: InitializeParams['capabilities'] = {};
  let folders: readonly string[] = [];

  connection.onInitialize((params): InitializeResult => {
    client = params.capabilities;
    folders = workspaceFolders(params);
    settings.initialize(client.workspace?.configuration === true, params.initializationOptions);
    store.initialize(params.initializationOptions);
    trust.initialize(params.initializationOptions);
    language.initialize(params.initializationOptions, client);
    publisher.initialize({
      relatedInformation: client.textDocument?.publishDiagnostics?.relatedInformation === true,
      codeDescription: client.textDocument?.publishDiagnostics?.codeDescriptionSupport === true,
    });
    return {
      serverInfo: { name, version },
      capabilities: {
        ...manifestCapabilities,
        textDocumentSync: TextDocumentSyncKind.Incremental,
        workspace: {
          workspaceFolders: { supported: true, changeNotifications: true },
          fileOperations: manifestRenames,
        },
      },
    };
  });

  connection.onInitialized(() => {
    workspace.open(folders);
    if (client.workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) =>
        workspace.changeFolders(folderPaths(added), folderPaths(removed)),
      );
    }
    subscribe(connection, client, watcher).catch((error: unknown) => connection.console.error(logText(error)));
  });

  connection.onDidChangeConfiguration(({ settings: pushed }: { settings: unknown }) => {
    settings.changed(pushed);
    workspace.settingsChanged();
  });

  connection.onNotification(TrustNotification.method, () => {
    if (trust.grant()) {
      workspace.trustGranted();
      language.filesChanged();
    }
    status.changed();
  });
  connection.onRequest(RefreshModelsRequest.method, (): RefreshModelsRequest.Result => {
    workspace.searchAgain();
    return null;
  });

  connection.onShutdown(async () => {
    watcher.dispose();
    status.dispose();
    publisher.dispose();
    news.dispose();
    language.dispose();
    await executor.dispose();
    await cache.settled();
  });

  connection.listen();
}

/** `Job 3 started: scan of gin.pt (background)` */
function jobText({ what, job, task, priority }: JobEvent): string {
  const { kind, model, data } = task as { readonly kind: string; readonly model?: string; readonly data?: string };
  const subject = model ?? data;
  return `Job ${job} ${what}: ${kind}${subject === undefined ? '' : ` of ${path.basename(subject)}`} (${priority})`;
}

/** Asks the client for the events it can send. */
async function subscribe(
  connection: Connection,
  { workspace }: InitializeParams['capabilities'],
  watcher: Watcher,
): Promise<void> {
  if (workspace?.didChangeConfiguration?.dynamicRegistration) {
    await connection.client.register(DidChangeConfigurationNotification.type, { section: 'graphnad' });
  }
  if (workspace?.didChangeWatchedFiles?.dynamicRegistration) await watcher.register();
  else connection.console.warn('The client does not watch files: models that change are scanned when you ask for it.');
}

function workspaceFolders({ workspaceFolders: folders, rootUri }: InitializeParams): string[] {
  return folders ? folderPaths(folders) : toPaths(rootUri ? [rootUri] : []);
}

function folderPaths(folders: readonly { readonly uri: string }[]): string[] {
  return toPaths(folders.map(({ uri }) => uri));
}

/** All that the client needs of the language client's library; built into a file of its own, see `scripts/build.mjs`. */
import path from 'node:path';
import * as vscode from 'vscode';
import {
  LanguageClient,
  RevealOutputChannelOn,
  TransportKind,
  type ErrorHandler,
  type ServerOptions,
} from 'vscode-languageclient/node';
import { manifestName } from '../protocol/manifest';
import { reportScheme, type InitializationOptions } from '../protocol/requests';
import type { NodeRuntime } from './runtime/nodeRuntime';
import { withInstalledPages } from './problems/explainFinding';
import { queuePasswordVariable } from './queue/queuePassword';
import { tensorFlowFolder } from './tensorflow/folder';

export {
  CloseAction,
  ErrorAction,
  ErrorCodes,
  ResponseError,
  State,
  WorkDoneProgress,
  type LanguageClient,
  type WorkDoneProgressBegin,
  type WorkDoneProgressReport,
} from 'vscode-languageclient/node';

/** Variable that names the folder in which the server looks for TensorFlow first; a person may have set it already. */
const tensorFlowVariable = 'GRAPHNAD_TENSORFLOW';

export interface ServerStart {
  /** Node.js that runs the server and its workers; that of VS Code where absent. */
  readonly runtime: NodeRuntime | undefined;
  /** Of the queue, where one was set; that of the environment where absent. */
  readonly password: string | undefined;
}

/** Writes what went wrong into the log alone: whoever uses the client knows what became of it, and tells people that. */
class QuietLanguageClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/**
 * Makes, but does not start, the client of the analysis server.
 * The server speaks over Node's IPC channel.
 */
export function createLanguageClient(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  { runtime, password }: ServerStart,
  errorHandler: ErrorHandler,
): LanguageClient {
  const env = {
    [tensorFlowVariable]: process.env[tensorFlowVariable] ?? tensorFlowFolder(context),
    ...(password === undefined ? {} : { [queuePasswordVariable]: password }),
  };
  const launch = {
    module: context.asAbsolutePath('dist/server.js'),
    transport: TransportKind.ipc,
    ...(runtime === undefined ? {} : { runtime: runtime.path }),
  };
  const serverOptions: ServerOptions = {
    run: { ...launch, options: { env } },
    debug: { ...launch, options: { env, execArgv: ['--nolazy', '--inspect=6009'] } },
  };
  // Of the extension, not of the workspace: whoever made the workspace must not get to put results there.
  const initializationOptions: InitializationOptions = {
    cacheFolder: path.join(context.globalStorageUri.fsPath, 'results'),
    trusted: vscode.workspace.isTrusted,
    manifestSchema: true,
  };
  return new QuietLanguageClient('graphnad', 'GraphNAD', serverOptions, {
    initializationOptions,
    // Model files are binary: none is ever opened as a document, their reports are. The server watches files itself.
    documentSelector: [{ scheme: 'file', pattern: `**/${manifestName}` }, { scheme: reportScheme }],
    diagnosticCollectionName: 'graphnad',
    outputChannel: log,
    traceOutputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    errorHandler,
    middleware: { handleDiagnostics: (uri, diagnostics, next) => next(uri, withInstalledPages(diagnostics)) },
    initializationFailedHandler: () => false,
  });
}

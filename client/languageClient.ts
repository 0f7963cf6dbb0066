import type * as vscode from 'vscode';
import {
  LanguageClient,
  RevealOutputChannelOn,
  TransportKind,
  type ErrorHandler,
  type ServerOptions,
} from 'vscode-languageclient/node';
import { setting } from './settings';

/**
 * Makes, but does not start, the client of the analysis server.
 * The server speaks over Node's IPC channel, on the Node.js of VS Code or on the one the user names.
 */
export function createLanguageClient(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  errorHandler: ErrorHandler,
): LanguageClient {
  const runtime = setting('server.runtime').trim();
  const launch = {
    module: context.asAbsolutePath('dist/server.js'),
    transport: TransportKind.ipc,
    ...(runtime === '' ? {} : { runtime }),
  };
  const serverOptions: ServerOptions = {
    run: launch,
    debug: { ...launch, options: { execArgv: ['--nolazy', '--inspect=6009'] } },
  };
  return new LanguageClient('graphnad', 'GraphNAD', serverOptions, {
    // Model files are binary: none is ever opened as a document. The server watches files itself.
    documentSelector: [],
    diagnosticCollectionName: 'graphnad',
    outputChannel: log,
    traceOutputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    errorHandler,
    initializationFailedHandler: () => false,
  });
}

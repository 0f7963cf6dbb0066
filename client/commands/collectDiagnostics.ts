import os from 'node:os';
import * as vscode from 'vscode';
import type { Context } from '../context';
import { diagnosticsDocument, type SettingValue } from '../diagnostics/diagnosticsDocument';
import type { RecordingLog } from '../diagnostics/recordingLog';
import { withoutPaths } from '../diagnostics/withoutPaths';
import { withoutSecrets } from '../diagnostics/withoutSecrets';

/** What of the manifest is read here. */
interface Manifest {
  readonly version: string;
  readonly contributes: { readonly configuration: readonly { readonly properties: object }[] };
}

/** `graphnad.collectDiagnostics`: opens a document for a bug report. Nothing is sent anywhere. */
export function collectDiagnostics(
  { server }: Context,
  log: RecordingLog,
  extension: vscode.Extension<unknown>,
): () => Promise<void> {
  const { version, contributes } = extension.packageJSON as Manifest;
  return async () => {
    const { state, lastStatus } = server;
    const content = diagnosticsDocument({
      versions: {
        GraphNAD: version,
        'VS Code': `${vscode.version} (${vscode.env.appName}, ${vscode.env.appHost})`,
        'Node.js of the extension host': process.version,
        System: `${os.type()} ${os.release()} ${process.arch}, ${os.cpus().length} cores`,
        Remote: vscode.env.remoteName ?? 'no',
        'Workspace folders': String(vscode.workspace.workspaceFolders?.length ?? 0),
        Trusted: vscode.workspace.isTrusted ? 'yes' : 'no',
      },
      settings: contributes.configuration.flatMap(({ properties }) => Object.keys(properties).flatMap(valuesOf)),
      server: state.kind === 'failed' ? `failed: ${state.reason}` : state.kind,
      status: lastStatus,
      log: log.lines,
    });
    const folders = (vscode.workspace.workspaceFolders ?? []).map(({ name, uri }) => ({ name, path: uri.fsPath }));
    const document = await vscode.workspace.openTextDocument({
      language: 'markdown',
      content: withoutPaths(content, folders, os.homedir()),
    });
    await vscode.window.showTextDocument(document, { preview: false });
  };
}

/** The value of a setting for the window, and for each folder that has another one. */
function valuesOf(name: string): SettingValue[] {
  const section = vscode.workspace.getConfiguration();
  const found = section.inspect(name);
  const from =
    found?.workspaceValue !== undefined ? 'workspace' : found?.globalValue !== undefined ? 'user' : 'default';
  const ofFolders = (vscode.workspace.workspaceFolders ?? []).flatMap((folder) => {
    const value = vscode.workspace.getConfiguration(undefined, folder).inspect(name)?.workspaceFolderValue;
    return value === undefined ? [] : [{ name, value, from: `folder ${folder.name}` }];
  });
  return [{ name, value: withoutSecrets(section.get(name)), from }, ...ofFolders];
}

import path from 'node:path';
import * as vscode from 'vscode';
import { modelEnding, modelExtensions, modelGlob } from '../protocol/model';
import { setting } from './settings';

/** Whether a file's name says that it is a model. */
export function isModelFile(uri: vscode.Uri): boolean {
  return modelEnding(path.posix.basename(uri.path)) !== undefined;
}

/** Model files of the workspace, without those that the settings of their folder leave out, in the order of their paths. */
export async function findModelFiles(): Promise<vscode.Uri[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const files = (await Promise.all(folders.map(modelFilesOf))).flat();
  // Of a folder inside of another one, both find them.
  const found = new Map(files.map((file) => [file.toString(), file]));
  return [...found.values()].sort((a, b) => a.path.localeCompare(b.path));
}

async function modelFilesOf(folder: vscode.WorkspaceFolder): Promise<vscode.Uri[]> {
  const exclude = setting('scan.exclude', folder.uri);
  return vscode.workspace.findFiles(
    new vscode.RelativePattern(folder, modelGlob),
    exclude.length === 0 ? null : new vscode.RelativePattern(folder, `{${exclude.join(',')}}`),
  );
}

/** The model file a command is about when none was clicked: the one in the active tab, else one the user picks. */
export async function askForModelFile(title: string): Promise<vscode.Uri | undefined> {
  return activeModelFile() ?? (await pickModelFile(title));
}

function activeModelFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const shown = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
  return shown !== undefined && isModelFile(shown) ? shown : undefined;
}

async function pickModelFile(title: string): Promise<vscode.Uri | undefined> {
  const browse: vscode.QuickPickItem = { label: '$(folder-opened) Choose a file...', alwaysShow: true };
  const items = findModelFiles().then((files) => [
    ...files.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri })),
    browse,
  ]);
  const picked = await vscode.window.showQuickPick<vscode.QuickPickItem & { uri?: vscode.Uri }>(items, {
    title,
    placeHolder: 'Model file',
  });
  if (picked === undefined || picked.uri !== undefined) return picked?.uri;
  const chosen = await vscode.window.showOpenDialog({
    title,
    filters: { 'Model files': [...new Set(modelExtensions.map((ending) => ending.replace(/^.*\./, '')))] },
  });
  return chosen?.[0];
}

/** What the suites inside the extension host share. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';

const extensionId = 'graphnad.graphnad';

/** A file or folder of the opened workspace, a copy of the example with `models/malicious.pt` added. */
export function inWorkspace(...segments: readonly string[]): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return vscode.Uri.joinPath(folder.uri, ...segments);
}

export function models(): vscode.Uri {
  return inWorkspace('models');
}

/** The one data set of the example. */
export async function cleanData(): Promise<vscode.Uri> {
  const [name] = (await vscode.workspace.fs.readDirectory(inWorkspace('data')))
    .filter(([, type]) => type === vscode.FileType.Directory)
    .map(([folder]) => folder);
  return inWorkspace('data', name);
}

export async function activate(): Promise<vscode.Extension<unknown>> {
  const extension = vscode.extensions.getExtension(extensionId);
  assert.ok(extension, `${extensionId} is installed`);
  await extension.activate();
  return extension;
}

/** Waits until a value is there. @throws AssertionError naming what was waited for */
export async function eventually<T>(what: string, look: () => T | undefined, limit = 60_000): Promise<T> {
  const end = Date.now() + limit;
  while (Date.now() < end) {
    const value = look();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`no ${what} within ${limit / 1000} s`);
}

/** Waits for a finding in the Problems pane. */
export function diagnostic(file: vscode.Uri, code: string | RegExp): Promise<vscode.Diagnostic> {
  return eventually(`${String(code)} on ${file.path}`, () =>
    vscode.languages.getDiagnostics(file).find((candidate) => codeOf(candidate).match(code) !== null),
  );
}

export function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

export async function sha256(file: vscode.Uri): Promise<string> {
  return createHash('sha256')
    .update(await vscode.workspace.fs.readFile(file))
    .digest('hex');
}

export async function namesIn(folder: vscode.Uri): Promise<string[]> {
  return (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name).sort();
}

/** Results panels that are open. */
export function resultsPanels(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('graphnad.results'));
}

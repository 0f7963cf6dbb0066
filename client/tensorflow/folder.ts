import type * as vscode from 'vscode';
import path from 'node:path';

/** Where this extension installs TensorFlow when asked to: a folder of its own, the same for all workspaces. */
export function tensorFlowFolder({ globalStorageUri }: vscode.ExtensionContext): string {
  return path.join(globalStorageUri.fsPath, 'tensorflow');
}

import * as vscode from 'vscode';
import { notify } from './notify';

/** Whether models may be purified here; says what is missing if not. */
export function mayPurify(): boolean {
  if (vscode.workspace.isTrusted) return true;
  void notify(
    { text: 'Purifying a model writes files and needs a trusted workspace.', level: 'warning' },
    { 'Manage Workspace Trust': () => vscode.commands.executeCommand('workbench.trust.manage') },
  );
  return false;
}

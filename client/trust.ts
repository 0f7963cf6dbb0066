import * as vscode from 'vscode';
import { notify } from './notify';

/** Whether models may be purified here; says what is missing if not. */
export function mayPurify(): boolean {
  return isTrustedFor('Purifying a model writes files and');
}

/** Whether models may be run on data of the workspace; says what is missing if not. */
export function mayCompareAttention(): boolean {
  return isTrustedFor('Comparing attention runs models on data of the workspace, and');
}

/** Whether models may be converted; says what is missing if not. */
export function mayConvert(): boolean {
  return isTrustedFor('Converting a model writes a file and');
}

/** Whether a manifest may be written; says what is missing if not. */
export function mayCreateManifest(): boolean {
  return isTrustedFor('Creating graphnad.json writes a file and');
}

function isTrustedFor(what: string): boolean {
  if (vscode.workspace.isTrusted) return true;
  void notify(
    { text: `${what} needs a trusted workspace.`, level: 'warning' },
    { 'Manage Workspace Trust': () => vscode.commands.executeCommand('workbench.trust.manage') },
  );
  return false;
}

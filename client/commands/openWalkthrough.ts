import * as vscode from 'vscode';

/** `graphnad.openWalkthrough`: the first steps, in the editor. */
export function openWalkthrough(extensionId: string): () => Thenable<unknown> {
  return () => vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extensionId}#start`, false);
}

import type * as vscode from 'vscode';

/** The inspector as the editor of model files. */
export const inspectorView = 'graphnad.modelInspector';
/** The same for models that are JSON (indexes of shards, `model.json`): their editor is that of text unless asked for. */
export const jsonInspectorView = 'graphnad.jsonModelInspector';

/** What opens a model as one: command and arguments. The editor that a person chose for its kind of file counts. */
export function openingModel(uri: vscode.Uri): [command: string, ...rest: unknown[]] {
  const isText = uri.path.toLowerCase().endsWith('.json');
  return isText ? ['vscode.openWith', uri, jsonInspectorView] : ['vscode.open', uri];
}

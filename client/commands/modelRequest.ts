import * as vscode from 'vscode';

/** What a command on a model was called with: nothing, the file clicked, or all answers at once, so that none is asked. */
export interface ModelRequest {
  readonly uri?: vscode.Uri;
  readonly dataUri?: vscode.Uri;
  readonly output?: vscode.Uri;
  readonly overwrite?: boolean;
  readonly token?: vscode.CancellationToken;
}

/**
 * Reads a command's argument: a `Uri` (the Explorer gives one), or an object `{uri, dataUri, output, overwrite, token}`
 * whose addresses are `Uri`s or strings (for keybindings, tasks and other extensions).
 */
export function modelRequest(argument: unknown): ModelRequest {
  if (argument instanceof vscode.Uri) return { uri: argument };
  if (typeof argument !== 'object' || argument === null) return {};
  const given = argument as Readonly<Record<string, unknown>>;
  return {
    uri: toUri(given.uri),
    dataUri: toUri(given.dataUri),
    output: toUri(given.output),
    overwrite: given.overwrite === true,
    token: given.token as vscode.CancellationToken | undefined,
  };
}

/** An address given as a `Uri` or a string. */
export function toUri(value: unknown): vscode.Uri | undefined {
  if (value instanceof vscode.Uri) return value;
  return typeof value === 'string' ? vscode.Uri.parse(value, true) : undefined;
}

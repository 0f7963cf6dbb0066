import * as vscode from 'vscode';
import { toUri } from './modelRequest';

interface AttentionArguments {
  readonly before?: vscode.Uri;
  /** `itself`: the model is compared with itself, without and with the trigger. */
  readonly after?: vscode.Uri | 'itself';
  readonly data?: vscode.Uri;
  /** Id in the data set, or the graph that changed most; chosen by the user where absent. */
  readonly graph?: number | 'most changed';
  readonly token?: vscode.CancellationToken;
}

/**
 * Reads the argument of `graphnad.compareAttention`: a `Uri` (the Explorer gives one), or an object
 * `{before, after, dataUri, graph, token}` whose addresses are `Uri`s or strings. `after: null` compares the model with
 * itself.
 */
export function attentionRequest(argument: unknown): AttentionArguments {
  if (argument instanceof vscode.Uri) return { before: argument };
  if (typeof argument !== 'object' || argument === null) return {};
  const given = argument as Readonly<Record<string, unknown>>;
  return {
    before: toUri(given.before ?? given.uri),
    after: given.after === null ? 'itself' : toUri(given.after),
    data: toUri(given.dataUri),
    graph: typeof given.graph === 'number' || given.graph === 'most changed' ? given.graph : undefined,
    token: given.token as vscode.CancellationToken | undefined,
  };
}

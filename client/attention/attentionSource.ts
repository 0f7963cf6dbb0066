import * as vscode from 'vscode';
import { AttentionRequest, type AttentionComparison, type AttentionViewName } from '../../protocol/attention';
import type { Server } from '../server';

interface GraphRequest {
  /** Default: the graph that changed most. */
  readonly graph?: number;
  readonly view?: AttentionViewName;
}

type Result = AttentionRequest.Result;

/** Graphs kept for hovers, pictures and the way back; each is a few hundred kilobytes at most. */
const keptGraphs = 32;

/**
 * The numbers behind attention documents and pictures, asked of the server once for all who show them. What was kept is
 * dropped when a model it rests on is scanned anew.
 */
export class AttentionSource implements vscode.Disposable {
  private readonly kept = new Map<
    string,
    { readonly comparison: AttentionComparison; readonly result: Promise<Result> }
  >();
  private readonly changeEmitter = new vscode.EventEmitter<(comparison: AttentionComparison) => boolean>();
  private readonly subscriptions: readonly vscode.Disposable[];

  /** Comparisons for which the given predicate holds have to be asked for again. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(private readonly server: Server) {
    this.subscriptions = [
      // New diagnostics mean that a model was scanned again: its file may be another one.
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        const changed = new Set(uris.map(String));
        this.drop(({ beforeUri, afterUri = beforeUri }) => changed.has(beforeUri) || changed.has(afterUri));
      }),
      server.onDidChangeState(({ kind }) => {
        if (kind === 'running') this.drop(() => true);
      }),
    ];
  }

  /** @param options `token` cancels, for everybody who asked for the same */
  get(
    comparison: AttentionComparison,
    { graph, view }: GraphRequest,
    options: Parameters<Server['request']>[2] = {},
  ): Promise<Result> {
    const params: AttentionRequest.Params = { ...comparison, graph, view };
    const key = JSON.stringify(params);
    const known = this.kept.get(key)?.result;
    const result = known ?? this.server.request<Result>(AttentionRequest.method, params, options);
    this.kept.delete(key);
    this.kept.set(key, { comparison, result });
    if (known === undefined) result.catch(() => this.kept.delete(key));
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= keptGraphs) break;
      this.kept.delete(oldest);
    }
    return result;
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => void subscription.dispose());
    this.changeEmitter.dispose();
  }

  private drop(concerns: (comparison: AttentionComparison) => boolean): void {
    for (const [key, { comparison }] of [...this.kept]) if (concerns(comparison)) this.kept.delete(key);
    this.changeEmitter.fire(concerns);
  }
}

import * as vscode from 'vscode';
import { attentionScheme } from '../../protocol/attention';
import { errorMessage } from '../errors';
import { readPlace } from './attentionPlace';
import type { AttentionSource } from './attentionSource';

/** The sides of attention diffs as read-only documents; see {@link attentionScheme} for their addresses. */
export class AttentionDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: readonly vscode.Disposable[];

  readonly onDidChange = this.changes.event;

  constructor(private readonly source: AttentionSource) {
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(attentionScheme, this),
      source.onDidChange((concerns) => {
        for (const { uri } of vscode.workspace.textDocuments) {
          const place = uri.scheme === attentionScheme ? readPlace(uri.query) : undefined;
          if (place && concerns(place.comparison)) this.changes.fire(uri);
        }
      }),
    ];
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const place = readPlace(uri.query);
    if (place === undefined) return 'This address names no comparison.\n';
    try {
      const { text } = await this.source.get(place.comparison, place);
      return text[place.side];
    } catch (error) {
      return `The attention could not be computed: ${errorMessage(error)}\n`;
    }
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => void subscription.dispose());
    this.changes.dispose();
  }
}

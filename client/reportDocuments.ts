import * as vscode from 'vscode';
import { reportScheme, ReportTextRequest } from '../protocol/requests';
import { errorMessage } from './errors';
import type { Server } from './server';

/** The last scan report of a model as a read-only document; see {@link reportScheme} for its address. */
export class ReportDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable[];

  readonly onDidChange = this.changes.event;

  constructor(private readonly server: Server) {
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(reportScheme, this),
      // New diagnostics mean that the model was scanned again.
      vscode.languages.onDidChangeDiagnostics(({ uris }) => uris.forEach((uri) => this.refresh(uri))),
    ];
  }

  async provideTextDocumentContent(report: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    try {
      const params: ReportTextRequest.Params = { uri: report.query };
      const text = await this.server.request<ReportTextRequest.Result>(ReportTextRequest.method, params, { token });
      return text ?? 'This model was not scanned yet.\n';
    } catch (error) {
      return `The report could not be fetched: ${errorMessage(error)}\n`;
    }
  }

  /** Shows the report beside what is open, as a preview. */
  async show(model: vscode.Uri): Promise<void> {
    this.refresh(model);
    await vscode.window.showTextDocument(reportUri(model), { preview: true });
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => void subscription.dispose());
    this.changes.dispose();
  }

  private refresh(model: vscode.Uri): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === reportScheme && vscode.Uri.parse(uri.query).path === model.path) this.changes.fire(uri);
    }
  }
}

function reportUri(model: vscode.Uri): vscode.Uri {
  return vscode.Uri.from({ scheme: reportScheme, path: `${model.path}.report.txt`, query: model.toString() });
}

import * as vscode from 'vscode';
import type { Context } from '../context';
import { webviewOptions } from '../webviewResources';
import { actForInspector } from './inspectorActions';
import { InspectorEditor } from './inspectorEditor';
import { inspectorHtml } from './inspectorPage';
import { inspectorView, jsonInspectorView } from './inspectorViews';

/** Opens model files in the inspector. They are only read, so it works in Restricted Mode too. */
export class InspectorEditors implements vscode.CustomReadonlyEditorProvider, vscode.Disposable {
  private readonly registrations: readonly vscode.Disposable[];

  constructor(
    private readonly context: Context,
    private readonly extension: vscode.Uri,
  ) {
    this.registrations = [inspectorView, jsonInspectorView].map((view) =>
      vscode.window.registerCustomEditorProvider(view, this, { supportsMultipleEditorsPerDocument: true }),
    );
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    // Nothing is kept of the file: each editor asks the server.
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    const editor = new InspectorEditor(uri, panel, this.context.server);
    actForInspector(this.context, editor);
    panel.webview.options = webviewOptions(this.extension);
    this.context.walkthrough.tick('inspector');
    panel.webview.html = inspectorHtml(panel.webview, this.extension);
  }

  dispose(): void {
    this.registrations.forEach((registration) => void registration.dispose());
  }
}

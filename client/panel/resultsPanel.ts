import * as vscode from 'vscode';
import {
  PanelMessage,
  type FromPanel,
  type PanelCommand,
  type PanelFailure,
  type PanelSeeds,
  type PanelState,
  type ToPanel,
} from '../../protocol/panel';
import type { FindingCode } from '../../protocol/findings';
import type { JobProgress, PurifyReport } from '../../protocol/reports';
import { secondsLeft } from '../progress';
import { webviewHtml, webviewOptions } from '../webviewResources';
import { withFailure, withProgress, withReport, withSeeds } from './panelState';

const page = {
  title: 'GraphNAD results',
  rootId: 'panel',
  script: 'panel.js',
  styles: ['base.css', 'panel.css'],
};

/** The panel of one purification: shows its state and passes on what its buttons ask for. */
export class ResultsPanel {
  private readonly commandEmitter = new vscode.EventEmitter<PanelCommand>();
  private readonly explainEmitter = new vscode.EventEmitter<FindingCode>();
  private readonly remedyEmitter = new vscode.EventEmitter<number>();
  private readonly disposeEmitter = new vscode.EventEmitter<void>();
  private begun = Date.now();
  private gone = false;

  readonly onCommand = this.commandEmitter.event;
  readonly onExplainFinding = this.explainEmitter.event;
  /** Position among the remedies of the report. */
  readonly onTryRemedy = this.remedyEmitter.event;
  readonly onDidDispose = this.disposeEmitter.event;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    extension: vscode.Uri,
    private current: PanelState,
  ) {
    panel.onDidDispose(() => {
      this.gone = true;
      this.disposeEmitter.fire();
      this.commandEmitter.dispose();
      this.explainEmitter.dispose();
      this.remedyEmitter.dispose();
      this.disposeEmitter.dispose();
    });
    panel.webview.onDidReceiveMessage((message: FromPanel) => this.receive(message));
    panel.webview.options = webviewOptions(extension);
    panel.iconPath = vscode.Uri.joinPath(extension, 'media', 'icon.png');
    panel.webview.html = webviewHtml(panel.webview, extension, page);
  }

  get state(): PanelState {
    return this.current;
  }

  /** The user closed it. */
  get disposed(): boolean {
    return this.gone;
  }

  /** Brings it to the front. */
  reveal(preserveFocus = false): void {
    this.panel.reveal(undefined, preserveFocus);
  }

  /** Shows another run from now on. */
  begin(state: PanelState): void {
    this.begun = Date.now();
    this.show(state);
  }

  showProgress(progress: JobProgress): void {
    this.show(withProgress(this.current, progress, secondsLeft(progress.fraction, Date.now() - this.begun)));
  }

  showReport(report: PurifyReport): void {
    this.show(withReport(this.current, report));
  }

  showFailure(failure: PanelFailure): void {
    this.show(withFailure(this.current, failure));
  }

  showSeeds(seeds: PanelSeeds): void {
    this.show(withSeeds(this.current, seeds));
  }

  private show(state: PanelState): void {
    this.current = state;
    this.send();
  }

  private send(): void {
    if (this.gone) return;
    const message: ToPanel = { type: PanelMessage.State, state: this.current };
    // A hidden panel has no script that listens; it asks for the state when it is shown again.
    void this.panel.webview.postMessage(message);
  }

  private receive(message: FromPanel): void {
    switch (message.type) {
      case PanelMessage.Ready:
        return this.send();
      case PanelMessage.Command:
        return this.commandEmitter.fire(message.command);
      case PanelMessage.ExplainFinding:
        return this.explainEmitter.fire(message.code);
      case PanelMessage.TryRemedy:
        return this.remedyEmitter.fire(message.remedy);
    }
  }
}

import * as vscode from 'vscode';
import type { PanelRun, PanelState } from '../../protocol/panel';
import { initialState, restoredState } from './panelState';
import { ResultsPanel } from './resultsPanel';

const viewType = 'graphnad.results';

/** Opens results panels, one a purification, and gives them back after a reload of the window. */
export class ResultsPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly openEmitter = new vscode.EventEmitter<ResultsPanel>();
  private readonly registration = vscode.window.registerWebviewPanelSerializer(viewType, this);

  /** A panel was opened or came back. */
  readonly onDidOpen = this.openEmitter.event;

  constructor(private readonly extension: vscode.Uri) {}

  /** Opens a panel for a run that begins; the focus stays where it is. */
  open(run: PanelRun): ResultsPanel {
    return this.create(initialState(run), true);
  }

  /** Brings a panel to the front; one that was closed is opened anew with what it showed. */
  reveal(panel: ResultsPanel): void {
    if (panel.disposed) this.create(panel.state, false);
    else panel.reveal();
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const state = restoredState(kept);
    if (state === undefined) panel.dispose();
    else this.adopt(new ResultsPanel(panel, this.extension, state));
    return Promise.resolve();
  }

  dispose(): void {
    this.registration.dispose();
    this.openEmitter.dispose();
  }

  private create(state: PanelState, preserveFocus: boolean): ResultsPanel {
    const panel = vscode.window.createWebviewPanel(viewType, `Purify ${state.modelName}`, {
      viewColumn: vscode.ViewColumn.Active,
      preserveFocus,
    });
    return this.adopt(new ResultsPanel(panel, this.extension, state));
  }

  private adopt(panel: ResultsPanel): ResultsPanel {
    this.openEmitter.fire(panel);
    return panel;
  }
}

import * as vscode from 'vscode';
import type { PanelRun, PanelState } from '../../protocol/panel';
import type { PurifyReport } from '../../protocol/reports';
import type { SeedReport } from '../../protocol/seeds';
import { initialState, isBusy, isPanelState, panelTitle, restoredState, type PanelOutcome } from './panelState';
import type { ReportStore } from './reportStore';
import { ResultsPanel } from './resultsPanel';

const viewType = 'graphnad.results';

/** Opens results panels, one a purification, and gives them back after a reload of the window. */
export class ResultsPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly openEmitter = new vscode.EventEmitter<ResultsPanel>();
  private readonly shown = new Set<ResultsPanel>();
  private readonly registration = vscode.window.registerWebviewPanelSerializer(viewType, this);

  /** A panel was opened or came back. */
  readonly onDidOpen = this.openEmitter.event;

  /** @param reports reports of finished runs, for panels whose own state was not saved in time */
  constructor(
    private readonly extension: vscode.Uri,
    private readonly reports: ReportStore,
  ) {}

  /**
   * Opens a panel for a run that begins, in the place of the one that shows an earlier run of the same model into the
   * same file; the focus stays where it is.
   */
  async open(run: PanelRun): Promise<ResultsPanel> {
    await this.reports.forget(run);
    const state = initialState(run);
    const earlier = [...this.shown].find((panel) => isSameRun(panel.state.run, run) && !isBusy(panel.state));
    if (earlier === undefined) return this.create(state, true);
    earlier.begin(state);
    earlier.reveal(true);
    return earlier;
  }

  /** Shows what a run came to, and keeps it. */
  async finish(panel: ResultsPanel, report: PurifyReport): Promise<void> {
    panel.showReport(report);
    await this.keep(panel, { report });
  }

  /** Shows what further seeds came to, and keeps it. */
  async finishSeeds(panel: ResultsPanel, seeds: SeedReport): Promise<void> {
    panel.showSeeds({ report: seeds });
    const { report } = panel.state;
    if (report !== undefined) await this.keep(panel, { report, seeds });
  }

  /** Brings a panel to the front; one that was closed is opened anew with what it showed. */
  reveal(panel: ResultsPanel): void {
    if (panel.disposed) this.create(panel.state, false);
    else panel.reveal();
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    if (!isPanelState(kept)) {
      panel.dispose();
      return;
    }
    const state = restoredState(kept, await this.reports.find(kept.run));
    this.adopt(new ResultsPanel(panel, this.extension, state));
  }

  dispose(): void {
    this.registration.dispose();
    this.openEmitter.dispose();
  }

  private async keep(panel: ResultsPanel, outcome: PanelOutcome): Promise<void> {
    try {
      await this.reports.keep(panel.state.run, outcome);
    } catch {
      // The run has succeeded all the same; only a window reloaded within seconds will not know.
    }
  }

  private create(state: PanelState, preserveFocus: boolean): ResultsPanel {
    const panel = vscode.window.createWebviewPanel(viewType, panelTitle(state), {
      viewColumn: vscode.ViewColumn.Active,
      preserveFocus,
    });
    return this.adopt(new ResultsPanel(panel, this.extension, state));
  }

  private adopt(panel: ResultsPanel): ResultsPanel {
    this.shown.add(panel);
    panel.onDidDispose(() => this.shown.delete(panel));
    this.openEmitter.fire(panel);
    return panel;
  }
}

function isSameRun(a: PanelRun, b: PanelRun): boolean {
  return a.modelUri === b.modelUri && a.outputUri === b.outputUri;
}

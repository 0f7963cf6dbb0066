import * as vscode from 'vscode';
import { reportScheme } from '../protocol/requests';
import type { Server } from './server';
import { languageStatusView } from './statusView';

/** Documents that have to do with us; model files are binary and never the active document. */
const documents: vscode.DocumentSelector = [{ pattern: '**/graphnad.json' }, { scheme: reportScheme }];

const severities = {
  normal: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
};

/** Health of the server, what it scans, and the way to a bug report, beside the language of our own documents. */
export class LanguageStatus implements vscode.Disposable {
  private readonly health = vscode.languages.createLanguageStatusItem('graphnad.health', documents);
  private readonly scans = vscode.languages.createLanguageStatusItem('graphnad.scans', documents);
  private readonly help = vscode.languages.createLanguageStatusItem('graphnad.help', documents);
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly server: Server) {
    this.health.name = 'GraphNAD server';
    this.health.command = { command: 'graphnad.restartServer', title: 'Restart' };
    this.scans.name = 'GraphNAD scans';
    this.scans.command = { command: 'graphnad.showLog', title: 'Show Log' };
    this.help.name = 'GraphNAD diagnostics';
    this.help.text = '$(bug) Trouble with GraphNAD?';
    this.help.command = { command: 'graphnad.collectDiagnostics', title: 'Collect Diagnostics' };
    this.subscriptions = [
      ...[this.health, this.scans, this.help],
      server.onDidChangeState(() => this.draw()),
      server.onDidReportStatus(() => this.draw()),
    ];
    this.draw();
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => void subscription.dispose());
  }

  private draw(): void {
    const { health, scans, severity } = languageStatusView(this.server.state, this.server.lastStatus);
    this.health.text = health.text;
    this.health.detail = health.detail;
    this.health.severity = severities[severity];
    this.health.busy = this.server.state.kind === 'starting';
    this.scans.text = scans.text;
    this.scans.detail = scans.detail;
    this.scans.busy = scans.busy;
  }
}

import * as vscode from 'vscode';
import { plainMarkdown } from './plainMarkdown';
import type { Server } from './server';
import { statusView } from './statusView';

/** Command behind the status item; it is not in the palette, its entries are. */
export const statusMenuCommand = 'graphnad.statusMenu';

const themeColours = {
  normal: undefined,
  warning: new vscode.ThemeColor('statusBarItem.warningBackground'),
  error: new vscode.ThemeColor('statusBarItem.errorBackground'),
};

/**
 * Health of the server, what it does and what it found, always in view: model files are binary and never the active
 * document, so a language status alone would hardly ever be seen.
 */
export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('graphnad.status', vscode.StatusBarAlignment.Right, 50);
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly server: Server,
    private readonly version: string,
  ) {
    this.item.name = 'GraphNAD';
    this.item.command = statusMenuCommand;
    this.subscriptions = [server.onDidChangeState(() => this.draw()), server.onDidReportStatus(() => this.draw())];
    this.draw();
    this.item.show();
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => void subscription.dispose());
    this.item.dispose();
  }

  private draw(): void {
    const view = statusView(this.server.state, this.server.lastStatus);
    const tooltip = new vscode.MarkdownString(undefined, true);
    tooltip.isTrusted = { enabledCommands: ['graphnad.showLog', 'graphnad.restartServer', 'graphnad.scanAllModels'] };
    tooltip.appendMarkdown(`**GraphNAD** ${this.version}`);
    for (const line of view.lines) tooltip.appendMarkdown(`\n\n${plainMarkdown(line)}`);
    tooltip.appendMarkdown(
      '\n\n---\n\n[Scan all models](command:graphnad.scanAllModels) · [Show log](command:graphnad.showLog) · ' +
        '[Restart server](command:graphnad.restartServer)',
    );
    this.item.text = view.text;
    this.item.tooltip = tooltip;
    this.item.backgroundColor = themeColours[view.severity];
    this.item.accessibilityInformation = { label: ['GraphNAD', ...view.lines].join(', '), role: 'button' };
  }
}

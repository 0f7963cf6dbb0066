import * as vscode from 'vscode';
import type { StatusNotification } from '../protocol/requests';
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
 * Health of the server, what it does and what it found, always in view.
 * A status bar item rather than a language status: model files are binary and never the active document.
 */
export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('graphnad.status', vscode.StatusBarAlignment.Right, 50);
  private readonly subscriptions: vscode.Disposable[];
  private status: StatusNotification.Params | undefined;

  constructor(
    private readonly server: Server,
    private readonly version: string,
  ) {
    this.item.name = 'GraphNAD';
    this.item.command = statusMenuCommand;
    this.subscriptions = [
      server.onDidChangeState((state) => {
        if (state.kind === 'starting') this.status = undefined;
        this.draw();
      }),
      server.onDidReportStatus((status) => {
        this.status = status;
        this.draw();
      }),
    ];
    this.draw();
    this.item.show();
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => void subscription.dispose());
    this.item.dispose();
  }

  private draw(): void {
    const view = statusView(this.server.state, this.status);
    const tooltip = new vscode.MarkdownString(undefined, true);
    tooltip.isTrusted = { enabledCommands: ['graphnad.showLog', 'graphnad.restartServer', 'graphnad.scanAllModels'] };
    tooltip.appendMarkdown(`**GraphNAD** ${this.version}`);
    for (const line of view.lines) tooltip.appendText(`\n\n${line}`);
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

import * as vscode from 'vscode';
import type { Context } from '../context';
import { statusView } from '../statusView';

interface Entry extends vscode.QuickPickItem {
  readonly command: string;
  readonly argument?: string;
}

const entries: readonly Entry[] = [
  { label: '$(search) Scan All Models', command: 'graphnad.scanAllModels' },
  { label: '$(warning) Show Problems', command: 'workbench.actions.view.problems' },
  { label: '$(output) Show Log', command: 'graphnad.showLog' },
  { label: '$(refresh) Restart Server', command: 'graphnad.restartServer' },
  { label: '$(gear) Settings', command: 'workbench.action.openSettings', argument: '@ext:graphnad.graphnad' },
];

/** What a click on the status item offers. */
export function statusMenu({ server }: Context): () => Promise<void> {
  return async () => {
    const chosen = await vscode.window.showQuickPick(entries, {
      title: 'GraphNAD',
      placeHolder: statusView(server.state, undefined).lines[0],
    });
    if (chosen === undefined) return;
    await vscode.commands.executeCommand(chosen.command, ...(chosen.argument === undefined ? [] : [chosen.argument]));
  };
}

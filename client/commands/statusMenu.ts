import * as vscode from 'vscode';
import type { Context } from '../context';
import { openSettings } from '../openSetting';
import { statusView } from '../statusView';

interface Entry extends vscode.QuickPickItem {
  readonly open: () => Thenable<unknown>;
}

const run = (command: string) => (): Thenable<unknown> => vscode.commands.executeCommand(command);

const entries: readonly Entry[] = [
  { label: '$(search) Scan All Models', open: run('graphnad.scanAllModels') },
  { label: '$(shield) Show Models', open: run('graphnad.models.focus') },
  { label: '$(warning) Show Problems', open: run('workbench.actions.view.problems') },
  { label: '$(output) Show Log', open: run('graphnad.showLog') },
  { label: '$(refresh) Restart Server', open: run('graphnad.restartServer') },
  { label: '$(bug) Collect Diagnostics', open: run('graphnad.collectDiagnostics') },
  { label: '$(gear) Settings', open: () => openSettings('@ext:graphnad.graphnad') },
];

/** What a click on the status item offers. */
export function statusMenu({ server }: Context): () => Promise<void> {
  return async () => {
    const chosen = await vscode.window.showQuickPick(entries, {
      title: 'GraphNAD',
      placeHolder: statusView(server.state, server.lastStatus).lines[0],
    });
    await chosen?.open();
  };
}

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

const leaveQueue: Entry = {
  label: '$(vm) Work Without the Queue',
  detail: 'Models are scanned and purified on this machine then.',
  open: run('graphnad.leaveQueue'),
};

/** What a click on the status item offers. */
export function statusMenu({ server }: Context): () => Promise<void> {
  return async () => {
    // Not the first one, which the Enter key takes.
    const [first, ...others] = entries;
    const offered = server.lastStatus?.queue === undefined ? entries : [first, leaveQueue, ...others];
    const chosen = await vscode.window.showQuickPick(offered, {
      title: `GraphNAD: ${statusView(server.state, server.lastStatus).lines[0]}`,
      placeHolder: 'Choose what to do',
    });
    await chosen?.open();
  };
}

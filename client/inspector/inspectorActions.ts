import * as vscode from 'vscode';
import type { InspectorCommand } from '../../protocol/inspector';
import { stateArchitectureCommand } from '../../protocol/manifest';
import type { Context } from '../context';
import { notifyFailure } from '../notify';
import { explainFindingCommand } from '../problems/explainFinding';
import type { InspectorEditor } from './inspectorEditor';

/** Commands that take the model's address. */
const modelCommands = {
  scan: 'graphnad.scanModel',
  purify: 'graphnad.purifyModel',
  compareAttention: 'graphnad.compareAttention',
  convert: 'graphnad.convertToSafetensors',
  showReport: 'graphnad.showReport',
} as const;

/** Lets an inspector's buttons do what they say. */
export function actForInspector({ log }: Context, editor: InspectorEditor): void {
  const guarded = (action: PromiseLike<unknown>): void =>
    void action.then(undefined, (error: unknown) => notifyFailure('That did not work', error, log));
  editor.onCommand((command) => guarded(act(editor, command)));
  editor.onExplainFinding((code) => guarded(vscode.commands.executeCommand(explainFindingCommand, code)));
}

async function act(editor: InspectorEditor, command: InspectorCommand): Promise<unknown> {
  switch (command) {
    case 'hash':
      return editor.state.sha256 === undefined ? editor.hash() : copyHash(editor.state.sha256);
    case 'reload':
      return editor.reload();
    case 'stateArchitecture':
      return vscode.commands.executeCommand(stateArchitectureCommand, editor.uri.toString());
    case 'reopenWith':
      return vscode.commands.executeCommand('workbench.action.reopenWithEditor');
    default:
      return vscode.commands.executeCommand(modelCommands[command], editor.uri);
  }
}

async function copyHash(sha256: string): Promise<void> {
  await vscode.env.clipboard.writeText(sha256);
  vscode.window.setStatusBarMessage('$(check) SHA-256 copied', 3000);
}

import * as vscode from 'vscode';
import { errorMessage } from './errors';
import type { Message } from './messages';

const show = {
  information: vscode.window.showInformationMessage,
  warning: vscode.window.showWarningMessage,
  error: vscode.window.showErrorMessage,
};

/** Shows a notification and does what the chosen button says. Resolves when it is gone, which may be never. */
export async function notify(
  message: Message,
  actions: Readonly<Record<string, () => void | PromiseLike<unknown>>>,
): Promise<void> {
  const chosen = await show[message.level](message.text, ...Object.keys(actions));
  if (chosen !== undefined) await actions[chosen]();
}

/** Tells that something failed, and why, with the way to the log. */
export function notifyFailure(what: string, error: unknown, log: vscode.LogOutputChannel): void {
  log.error(error instanceof Error ? error : errorMessage(error));
  void notify({ text: `${what}: ${errorMessage(error)}`, level: 'error' }, { 'Show Log': () => log.show() });
}

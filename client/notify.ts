import * as vscode from 'vscode';
import { errorMessage } from './errors';
import type { Message } from './messages';

const show = {
  information: vscode.window.showInformationMessage,
  warning: vscode.window.showWarningMessage,
  error: vscode.window.showErrorMessage,
};

/** Buttons of a notification, and what each does. */
export type Actions = Readonly<Record<string, () => void | PromiseLike<unknown>>>;

/** Shows a notification and does what the chosen button says. Resolves when it is gone, which may be never. */
export async function notify(message: Message, actions: Actions): Promise<void> {
  const chosen = await show[message.level](message.text, ...Object.keys(actions));
  if (chosen !== undefined) await actions[chosen]();
}

/**
 * Tells that something failed, and why, with the way to the log.
 *
 * @param remedies what can be done about it, before that
 */
export function notifyFailure(
  what: string,
  error: unknown,
  log: vscode.LogOutputChannel,
  remedies: Actions = {},
): void {
  log.error(error instanceof Error ? error : errorMessage(error));
  const actions = { ...remedies, 'Show Log': () => log.show() };
  void notify({ text: `${what}: ${errorMessage(error)}`, level: 'error' }, actions);
}

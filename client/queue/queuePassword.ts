import type * as vscode from 'vscode';
import { errorMessage } from '../errors';
import { setting } from '../settings';

/** Variable in which the server finds the password of the queue: what it is told in messages can be traced to the log. */
export const queuePasswordVariable = 'GRAPHNAD_QUEUE_PASSWORD';

const key = 'graphnad.queuePassword';

/** Whether the settings name a queue. */
export function hasQueue(): boolean {
  return setting('queue.url').trim() !== '';
}

/** The password that was set by the command, where there is a queue. VS Code keeps it, encrypted where the system can. */
export async function queuePassword(
  { secrets }: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): Promise<string | undefined> {
  if (!hasQueue()) return undefined;
  try {
    return await secrets.get(key);
  } catch (error) {
    log.warn(`The password of the queue could not be read: ${errorMessage(error)}`);
    return undefined;
  }
}

/** @param password empty to forget the one that is kept */
export function keepQueuePassword({ secrets }: vscode.ExtensionContext, password: string): Thenable<void> {
  return password === '' ? secrets.delete(key) : secrets.store(key, password);
}

import * as vscode from 'vscode';
import type { Context } from '../context';
import { notifyFailure } from '../notify';
import { hasQueue, keepQueuePassword } from '../queue/queuePassword';

/** `graphnad.setQueuePassword`: keeps the password of the queue in VS Code's secret storage, or forgets it. */
export function setQueuePassword({ server, log }: Context, extension: vscode.ExtensionContext): () => Promise<void> {
  return async () => {
    const password = await vscode.window.showInputBox({
      title: 'Password of the Queue',
      prompt:
        'It is kept in the secret storage of VS Code, not in the settings. Leave it empty to forget the one kept.',
      password: true,
      ignoreFocusOut: true,
    });
    if (password === undefined) return;
    try {
      await keepQueuePassword(extension, password);
    } catch (error) {
      notifyFailure('The password of the queue could not be kept', error, log);
      return;
    }
    // The server is given it when it starts.
    if (hasQueue()) await server.restart();
  };
}

import * as vscode from 'vscode';
import { CheckBackendRequest } from '../../protocol/requests';
import type { Context } from '../context';
import { errorMessage } from '../errors';
import { notify } from '../notify';
import { openSetting } from '../openSetting';
import { setting } from '../settings';

/** Starts TensorFlow in a worker of the server. @returns what the user should know about it. @throws where it does not work */
export async function checkTensorFlow({ server }: Pick<Context, 'server'>): Promise<readonly string[]> {
  const params: CheckBackendRequest.Params = { backend: 'tensorflow' };
  const { notes } = await server.request<CheckBackendRequest.Result>(CheckBackendRequest.method, params);
  return notes;
}

/**
 * Tells a person who chose TensorFlow what keeps it from working. Without it each model would say so, in its own
 * finding that it was not assessed.
 */
export async function warnOfTensorFlow({ server, log }: Pick<Context, 'server' | 'log'>): Promise<void> {
  if (setting('backend') !== 'tensorflow' || server.state.kind !== 'running') return;
  try {
    const notes = await checkTensorFlow({ server });
    notes.forEach((note) => log.warn(note));
  } catch (error) {
    log.error(errorMessage(error));
    const text = `TensorFlow was chosen and does not work: models are not checked for backdoors. ${errorMessage(error)}`;
    void notify({ text, level: 'error' }, tensorFlowActions(log));
  }
}

/** What helps where TensorFlow does not work. */
export function tensorFlowActions(log: vscode.LogOutputChannel): Record<string, () => void | PromiseLike<unknown>> {
  return {
    'Install TensorFlow': () => vscode.commands.executeCommand('graphnad.installTensorFlow'),
    'Open Settings': () => openSetting('backend'),
    'Show Log': () => log.show(),
  };
}

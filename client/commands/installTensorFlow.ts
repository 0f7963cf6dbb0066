import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Context } from '../context';
import { errorMessage } from '../errors';
import { notify, notifyFailure } from '../notify';
import { changeSetting, setting } from '../settings';
import { checkTensorFlow, tensorFlowActions } from '../tensorflow/checkTensorFlow';
import { chooseInstallation, type Installation } from '../tensorflow/chooseInstallation';
import { InstallError, npmInstall } from '../tensorflow/npmInstall';

/** `graphnad.installTensorFlow`: installs TensorFlow for Node.js into a folder of the extension, once a person agreed. */
export function installTensorFlow(context: Context, folder: string): () => Promise<boolean> {
  let running = false;
  return async () => {
    if (running) {
      void notify({ text: 'TensorFlow is being installed already.', level: 'information' }, {});
      return false;
    }
    running = true;
    try {
      const installation = await chooseInstallation(folder);
      return installation !== undefined && (await install(context, folder, installation));
    } finally {
      running = false;
    }
  };
}

async function install(context: Context, folder: string, installation: Installation): Promise<boolean> {
  const { log, server } = context;
  const { npm, spec, runtime } = installation;
  log.info(`Installing ${spec} into ${folder}, with ${npm.join(' ')}`);
  const controller = new AbortController();
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Installing ${installation.label}`, cancellable: true },
      (progress, token) => {
        token.onCancellationRequested(() => controller.abort(new vscode.CancellationError()));
        const onLine = (line: string): void => {
          log.info(`npm: ${line}`);
          if (line.trim() !== '') progress.report({ message: line.slice(0, 80) });
        };
        return npmInstall({
          npm,
          spec,
          folder,
          signal: controller.signal,
          beforeReplace: () => server.stop(),
          onLine,
        });
      },
    );
  } catch (error) {
    if (server.state.kind === 'stopped') void server.restart();
    if (controller.signal.aborted) log.info('The installation of TensorFlow was cancelled; nothing was left behind.');
    else if (error instanceof InstallError) notifyFailure('TensorFlow was not installed', error, log);
    else notifyFailure('TensorFlow was not installed: a file could not be put in place', error, log);
    return false;
  }
  if (runtime.path !== setting('server.runtime').trim()) await changeSetting('server.runtime', runtime.path);
  await server.restart();
  return tellOutcome(context, folder);
}

async function tellOutcome(context: Context, folder: string): Promise<boolean> {
  const { log } = context;
  try {
    const notes = await checkTensorFlow(context);
    notes.forEach((note) => log.warn(note));
    const text = ['TensorFlow is installed and works.', ...notes].join(' ');
    const chosen = setting('backend') === 'tensorflow';
    void notify(
      { text, level: notes.length > 0 ? 'warning' : 'information' },
      chosen ? {} : { 'Use TensorFlow': () => changeSetting('backend', 'tensorflow') },
    );
    return true;
  } catch (error) {
    log.error(errorMessage(error));
    const { 'Open Settings': openSettings, 'Show Log': showLog } = tensorFlowActions(log);
    void notify(
      { text: `TensorFlow is installed, but does not work: ${errorMessage(error)}`, level: 'error' },
      {
        'Open Settings': openSettings,
        'Show Log': showLog,
        'Remove It': () => rm(folder, { recursive: true, force: true }),
      },
    );
    return false;
  }
}

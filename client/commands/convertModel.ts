import * as vscode from 'vscode';
import { ConvertRequest, type ConvertReport } from '../../protocol/inspector';
import { plural } from '../../protocol/numberText';
import { LinkedCancellation } from '../cancellation';
import type { Context } from '../context';
import { isCancellation } from '../errors';
import { fileExists, fileName } from '../files';
import { askForModelFile } from '../modelFiles';
import { notify, notifyFailure } from '../notify';
import { mayConvert } from '../trust';
import { safetensorsName } from './convertName';
import { modelRequest } from './modelRequest';

/** `graphnad.convertToSafetensors`: asks for what it was not given, then converts. */
export function convertModel(context: Context): (argument?: unknown) => Promise<ConvertReport | undefined> {
  return async (argument) => {
    if (!mayConvert()) return undefined;
    const { uri, output, overwrite = false, token } = modelRequest(argument);
    const model = uri ?? (await askForModelFile('Convert to Safetensors'));
    if (model === undefined) return undefined;
    const target = output === undefined ? await chooseTarget(model) : { output, overwrite };
    return target && convertAndTell(context, model, target, token);
  };
}

interface Target {
  readonly output: vscode.Uri;
  readonly overwrite: boolean;
}

async function chooseTarget(model: vscode.Uri): Promise<Target | undefined> {
  const output = await vscode.window.showSaveDialog({
    title: `Convert ${fileName(model)} to Safetensors`,
    saveLabel: 'Convert',
    defaultUri: vscode.Uri.joinPath(model, '..', safetensorsName(fileName(model))),
    filters: { Safetensors: ['safetensors'] },
  });
  // The dialog has asked before it gives the name of a file that exists.
  return output && { output, overwrite: await fileExists(output) };
}

async function convertAndTell(
  context: Context,
  model: vscode.Uri,
  { output, overwrite }: Target,
  token: vscode.CancellationToken | undefined,
): Promise<ConvertReport | undefined> {
  const name = fileName(model);
  try {
    const report = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Converting ${name}`, cancellable: true },
      async (progress, notificationToken) => {
        const cancellation = new LinkedCancellation([notificationToken, token]);
        const params: ConvertRequest.Params = { uri: model.toString(), outputUri: output.toString(), overwrite };
        try {
          return await context.server.request<ConvertRequest.Result>(ConvertRequest.method, params, {
            token: cancellation.token,
            onWorkDone: ({ message }) => progress.report({ message }),
          });
        } finally {
          cancellation.dispose();
        }
      },
    );
    void notify(
      { text: convertMessage(fileName(output), report), level: 'information' },
      { Open: () => vscode.commands.executeCommand('vscode.open', output) },
    );
    return report;
  } catch (error) {
    if (!isCancellation(error)) notifyFailure(`${name} could not be converted`, error, context.log);
    return undefined;
  }
}

function convertMessage(outputName: string, { tensors, notes }: ConvertReport): string {
  return [
    `${outputName} was written: ${plural(tensors, 'tensor')}, compared with the original byte for byte.`,
    ...notes,
  ].join(' ');
}

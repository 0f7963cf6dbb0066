import type * as vscode from 'vscode';
import type { PurifyReport } from '../../protocol/reports';
import type { Context } from '../context';
import { askForModelFile } from '../modelFiles';
import { notifyFailure } from '../notify';
import { chooseData } from '../purify/chooseData';
import { chooseOutput, type Output } from '../purify/chooseOutput';
import { runPurification } from '../purify/runPurification';
import { setting } from '../settings';
import { mayPurify } from '../trust';
import { modelRequest } from './modelRequest';

/** `graphnad.purifyModel`: asks for what it was not given, then purifies. */
export function purifyModel(context: Context): (argument?: unknown) => Promise<PurifyReport | undefined> {
  return async (argument) => {
    if (!mayPurify()) return undefined;
    const { uri, dataUri, output, overwrite = false, token } = modelRequest(argument);
    const model = uri ?? (await askForModelFile('Purify Model'));
    if (model === undefined) return undefined;
    let data: vscode.Uri | undefined;
    let target: Output | undefined;
    try {
      data = dataUri ?? (await chooseData(context.server, model));
      if (data === undefined) return undefined;
      target = output === undefined ? await chooseOutput(model) : { uri: output, overwrite };
      if (target === undefined) return undefined;
    } catch (error) {
      notifyFailure('The model could not be purified', error, context.log);
      return undefined;
    }
    const run = {
      modelUri: model.toString(),
      dataUri: data.toString(),
      outputUri: target.uri.toString(),
      holdingRate: setting('purify.holdingRate', model),
      seed: setting('seed', model),
    };
    return runPurification(context, run, target.overwrite, token);
  };
}

import * as vscode from 'vscode';
import type { PurifyReport } from '../../protocol/reports';
import type { Context } from '../context';
import { purifyDefaults, type PurifyDefaults } from '../manifest/manifestSettings';
import { askForModelFile } from '../modelFiles';
import { notifyFailure } from '../notify';
import { chooseData } from '../purify/chooseData';
import { chooseOutput, confirmOutput, type Output } from '../purify/chooseOutput';
import { runPurification } from '../purify/runPurification';
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
    let defaults: PurifyDefaults;
    try {
      defaults = await purifyDefaults(context.server, model);
      data = dataUri ?? (await chooseData(context.server, model));
      if (data === undefined) return undefined;
      const named = defaults.output === undefined ? undefined : vscode.Uri.parse(defaults.output, true);
      if (output !== undefined) target = { uri: output, overwrite };
      else target = named === undefined ? await chooseOutput(model) : await confirmOutput(named);
      if (target === undefined) return undefined;
    } catch (error) {
      notifyFailure('The model could not be purified', error, context.log);
      return undefined;
    }
    const run = {
      modelUri: model.toString(),
      dataUri: data.toString(),
      outputUri: target.uri.toString(),
      holdingRate: defaults.holdingRate,
      seed: defaults.seed,
    };
    return runPurification(context, run, target.overwrite, token);
  };
}

import { ErrorCodes, ResponseError } from 'vscode-languageserver';
import type { PurifyParams } from '../../../protocol/requests';
import { OptionError, readOptions, type PurifyOptions } from '../defense/options';
import type { PurifyTask } from '../jobs/tasks';
import { toPath } from './fileUri';
import type { SettingsStore } from './settings';

/**
 * The job that a request asks for. What it leaves open is taken from the settings.
 *
 * @throws ResponseError for an address that is no file, or a setting that the method does not have
 */
export async function purifyJob(settings: SettingsStore, params: Omit<PurifyParams, 'jobId'>): Promise<PurifyTask> {
  const { purify: defaults, seed, backend } = await settings.get(params.uri);
  return {
    kind: 'purify',
    model: toPath(params.uri),
    data: toPath(params.dataUri),
    output: toPath(params.outputUri),
    overwrite: params.overwrite,
    features: params.features,
    holdingRate: params.holdingRate ?? defaults.holdingRate,
    seed: params.seed ?? seed,
    ...(params.options && { options: checkedOptions(params.options) }),
    backend,
  };
}

function checkedOptions(options: Readonly<Record<string, unknown>>): PurifyOptions {
  try {
    return readOptions(options);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    const { name, message, option, reason } = error;
    throw new ResponseError(ErrorCodes.InvalidParams, message, { name, option, reason });
  }
}

import { ErrorCodes, ResponseError } from 'vscode-languageserver';
import type { PurifyParams } from '../../../protocol/requests';
import { OptionError, readOptions, type PurificationMethod, type PurifyOptions } from '../defense/options';
import type { ModelSettings } from '../jobs/manifest/modelSettings';
import type { PurifyTask } from '../jobs/tasks';
import { toPath } from './fileUri';
import { chosenData, type ChosenData } from './assessModel';
import type { Manifests } from './manifest/manifests';
import type { SettingsStore } from './settings';

/**
 * The job that a request asks for. What it leaves open is taken from the manifest of the model, then from the settings.
 *
 * @throws ResponseError for an address that is no file, or a setting that the method does not have; ManifestError
 */
export async function purifyJob(
  { settings, manifests }: PurifyJobTools,
  params: Omit<PurifyParams, 'jobId'>,
): Promise<PurifyTask> {
  const { purify: defaults, seed, backend } = await settings.get(params.uri);
  const model = toPath(params.uri);
  const manifest: Partial<ModelSettings> = (await manifests.settingsFor(model)) ?? {};
  const { data: named, purify: said = {} } = manifest;
  const given: ChosenData = { data: toPath(params.dataUri), features: params.features };
  const { data, features, cleanIds } = chosenData(given, named) ?? given;
  const goesByManifest = data === named?.folder;
  // A share that somebody asks for comes before the ids of graphs.
  const ids = params.holdingRate === undefined ? cleanIds : undefined;
  return {
    kind: 'purify',
    ...{ model, data, features, cleanIds: ids, backend },
    output: toPath(params.outputUri),
    overwrite: params.overwrite,
    testIds: goesByManifest ? named?.testIds : undefined,
    idFiles: goesByManifest ? { ...named?.idFiles, ...(ids ? {} : { clean: undefined }) } : undefined,
    holdingRate: params.holdingRate ?? (ids ? undefined : (said.holdingRate ?? defaults.holdingRate)),
    seed: params.seed ?? manifest.seed ?? seed,
    ...chosenSettings(said, params.options),
    architecture: manifest.architecture,
    classNames: manifest.classNames,
    trigger: manifest.trigger,
    benign: manifest.trigger === undefined ? undefined : manifest.benign,
  };
}

export interface PurifyJobTools {
  readonly settings: SettingsStore;
  readonly manifests: Manifests;
}

type MethodSettings = Pick<PurifyTask, 'method' | 'options'>;

/** What the request says comes first; it leaves the manifest's other settings of the same method as they are. */
function chosenSettings(said: MethodSettings, given: PurifyParams['options']): MethodSettings {
  const { method } = said;
  if (given === undefined) return { method, options: said.options };
  if (given.method !== undefined && given.method !== method) return { options: checkedOptions(given) };
  return { method, options: { ...said.options, ...checkedOptions(given, method) } };
}

function checkedOptions(options: Readonly<Record<string, unknown>>, method?: PurificationMethod): PurifyOptions {
  try {
    return readOptions(options, method);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    const { name, message, option, reason } = error;
    throw new ResponseError(ErrorCodes.InvalidParams, message, { name, option, reason });
  }
}

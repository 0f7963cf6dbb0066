import path from 'node:path';
import { modelEnding } from '../../../protocol/model';
import { OptionError, purificationMethods, readOptions, type PurificationMethod } from '../defense/options';
import type { ModelSettings } from '../jobs/manifest/modelSettings';
import { parsePurifyConfig, PurifyConfigError, type PurifyConfig } from '../jobs/purifyConfig';
import { readText } from '../jobs/readText';
import type { PurifyTask } from '../jobs/tasks';
import {
  benignOption,
  choice,
  idFile,
  modelTask,
  pathOption,
  seedNamed,
  shareOption,
  text,
  UsageError,
  type Arguments,
} from './arguments';
import { manifestOf } from './manifest';

/**
 * What `graphnad purify` is to do: what its options say, then what the file named by `--config` says, then, unless that
 * is a receipt of a run to repeat, what the manifest of the model says.
 *
 * @throws UsageError, PurifyConfigError, ManifestError
 */
export async function purifyTask(args: Arguments): Promise<PurifyTask> {
  const file = pathOption(args, 'config');
  const config = file === undefined ? {} : await readConfig(file);
  const given = await modelTask(args);
  const modelArgument = args.positionals.at(0);
  const model = modelArgument === undefined ? config.model?.file : path.resolve(modelArgument);
  if (model === undefined) throw new UsageError('the model file is missing');
  const settings = config.receipt === undefined ? await manifestOf(args)(model) : undefined;
  // Features and ids of graphs go with their data.
  const named = given.data === undefined && config.data?.folder === undefined ? settings?.data : undefined;
  const data = given.data ?? config.data?.folder ?? named?.folder;
  if (data === undefined) throw new UsageError('--data is missing');
  const architecture = { ...settings?.architecture, ...config.architecture, ...given.architecture };
  const clean = await idFile(args, 'clean-ids');
  const share = shareOption(args, 'holding-rate');
  const cleanIds = clean ?? (share === undefined ? (config.cleanIds ?? named?.cleanIds) : undefined);
  const holdingRate = share ?? (cleanIds === undefined ? settings?.purify.holdingRate : undefined);
  const method = choice(args, 'method', purificationMethods);
  const bound = {
    model: modelArgument === undefined,
    data:
      (given.data === undefined && config.data?.folder !== undefined) ||
      (clean === undefined && config.cleanIds !== undefined && cleanIds === config.cleanIds),
  };
  return {
    kind: 'purify',
    ...{ model, data, holdingRate, cleanIds },
    features: given.features ?? config.data?.features ?? named?.features,
    architecture: Object.keys(architecture).length === 0 ? undefined : architecture,
    classNames: settings?.classNames,
    backend: given.backend ?? config.backend,
    seed: text(args, 'seed') === undefined ? (config.seed ?? settings?.seed ?? given.seed) : given.seed,
    splitSeed: seedNamed(args, 'split-seed'),
    output: pathOption(args, 'out') ?? settings?.purify.output ?? defaultOutput(model),
    overwrite: args.values.overwrite === true,
    testIds: (await idFile(args, 'test-ids')) ?? config.testIds ?? named?.testIds,
    idFiles: {
      clean: pathOption(args, 'clean-ids') ?? (cleanIds === named?.cleanIds ? named?.idFiles.clean : undefined),
      test: pathOption(args, 'test-ids') ?? (config.testIds === undefined ? named?.idFiles.test : undefined),
    },
    method: method ?? (config.options?.method === undefined ? settings?.purify.method : undefined),
    options: withGiven(args, config.options ?? optionsFor(method, settings), method),
    ...(file === undefined
      ? {}
      : { repeats: { file, config, bound: (['model', 'data'] as const).filter((input) => bound[input]) } }),
    report: pathOption(args, 'report'),
    trigger: pathOption(args, 'trigger') ?? settings?.trigger,
    benign: benignOption(args) ?? (settings?.trigger === undefined ? undefined : settings.benign),
  };
}

/** The manifest's settings of its method say nothing about another one. */
function optionsFor(
  method: PurificationMethod | undefined,
  settings: ModelSettings | undefined,
): PurifyTask['options'] {
  const { method: own = 'graphnad', options } = settings?.purify ?? {};
  return method === undefined || method === own ? options : undefined;
}

/** The settings of `--options` come before all others. */
function withGiven(
  args: Arguments,
  options: PurifyTask['options'],
  method: PurificationMethod | undefined,
): PurifyTask['options'] {
  const json = text(args, 'options');
  if (json === undefined) return options;
  try {
    const given: unknown = JSON.parse(json);
    if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new SyntaxError('no JSON object');
    return { ...options, ...readOptions(given as Record<string, unknown>, method ?? options?.method) };
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`--options is not a JSON object: ${json}`);
    if (error instanceof OptionError) throw new UsageError(`--options: ${error.message}`);
    throw error;
  }
}

async function readConfig(file: string): Promise<PurifyConfig> {
  return parsePurifyConfig(await readText(file, (reason) => new PurifyConfigError(file, '', reason)), file);
}

/** `gin.pt` becomes `gin.purified.pt`, in the same folder. */
function defaultOutput(model: string): string {
  const ending = modelEnding(path.basename(model)) ?? path.extname(model);
  return `${model.slice(0, model.length - ending.length)}.purified${ending}`;
}

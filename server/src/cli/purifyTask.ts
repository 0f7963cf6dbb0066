import path from 'node:path';
import { purificationMethods } from '../defense/options';
import { parsePurifyConfig, PurifyConfigError, type PurifyConfig } from '../jobs/purifyConfig';
import { readText } from '../jobs/readText';
import type { PurifyTask } from '../jobs/tasks';
import {
  benignOption,
  choice,
  idFile,
  modelTask,
  pathOption,
  shareOption,
  text,
  UsageError,
  type Arguments,
} from './arguments';

/**
 * What `graphnad purify` is to do: what its options say, then what the file named by `--config` says.
 *
 * @throws UsageError, PurifyConfigError
 */
export async function purifyTask(args: Arguments): Promise<PurifyTask> {
  const file = pathOption(args, 'config');
  const config = file === undefined ? {} : await readConfig(file);
  const given = await modelTask(args);
  const named = args.positionals.at(0);
  const model = named === undefined ? config.model?.file : path.resolve(named);
  if (model === undefined) throw new UsageError('the model file is missing');
  const data = given.data ?? config.data?.folder;
  if (data === undefined) throw new UsageError('--data is missing');
  const architecture = { ...config.architecture, ...given.architecture };
  const clean = await idFile(args, 'clean-ids');
  const holdingRate = shareOption(args, 'holding-rate');
  const cleanIds = clean ?? (holdingRate === undefined ? config.cleanIds : undefined);
  const bound = {
    model: named === undefined,
    data: given.data === undefined || (clean === undefined && cleanIds !== undefined),
  };
  return {
    kind: 'purify',
    ...{ model, data, holdingRate, cleanIds },
    features: given.features ?? config.data?.features,
    architecture: Object.keys(architecture).length === 0 ? undefined : architecture,
    backend: given.backend ?? config.backend,
    seed: text(args, 'seed') === undefined ? (config.seed ?? given.seed) : given.seed,
    output: pathOption(args, 'out') ?? defaultOutput(model),
    overwrite: args.values.overwrite === true,
    testIds: (await idFile(args, 'test-ids')) ?? config.testIds,
    idFiles: { clean: pathOption(args, 'clean-ids'), test: pathOption(args, 'test-ids') },
    method: choice(args, 'method', purificationMethods),
    options: config.options,
    ...(file === undefined
      ? {}
      : { repeats: { file, config, bound: (['model', 'data'] as const).filter((input) => bound[input]) } }),
    report: pathOption(args, 'report'),
    trigger: pathOption(args, 'trigger'),
    benign: benignOption(args),
  };
}

async function readConfig(file: string): Promise<PurifyConfig> {
  return parsePurifyConfig(await readText(file, (reason) => new PurifyConfigError(file, '', reason)), file);
}

/** `gin.pt` becomes `gin.purified.pt`, in the same folder. */
function defaultOutput(model: string): string {
  const { dir, name, ext } = path.parse(model);
  return path.join(dir, `${name}.purified${ext}`);
}

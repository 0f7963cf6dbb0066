/** What messages must look like before anything is done with them: whoever can write to the queue can send anything. */
import { featureKinds, modelKinds, readouts } from '../../../../protocol/model';
import { OptionError, purificationMethods, readOptions, type PurificationMethod } from '../../defense/options';
import { backendChoices } from '../backendChoices';
import {
  isAnyOf,
  isFlag,
  isList,
  isNumber,
  isObject,
  isOneOf,
  isRecord,
  isText,
  optional,
  type Check,
} from '../cache/checks';
import { gridFeatures, type DataSource, type GridData, type GridDefense } from '../grid/grid';
import type { DefendStep } from '../grid/defendSuspect';
import type { MeasureStep } from '../grid/measureSuspect';
import { gridAttackKinds } from '../grid/suspectKinds';
import type { SuspectSpec } from '../grid/suspect';
import type { TrainStep } from '../grid/trainSuspect';
import { parsePurifyConfig, PurifyConfigError, type PurifyConfig } from '../purifyConfig';
import type { PurifiedWith } from '../purifiedWith';
import type { PurifyTask, RepeatedRun, ScanTask } from '../tasks';
import { mostContentBytes } from './contentStore';
import type { ContentFile, InputFolder, JobMessage, RemoteTask } from './message';
import { isInside } from './places';

/** A job that comes with more files, or more text, than any real one. */
const mostFiles = 10_000;
const mostFolders = 100;

const isCount: Check<number> = (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isSeed: Check<number> = (value): value is number => isCount(value) && value <= 0xffffffff;
const isShare: Check<number> = (value): value is number => isNumber(value) && value > 0 && value <= 1;
const isIds: Check<readonly number[]> = isList(isCount);
const isHash: Check<string> = (value): value is string => isText(value) && /^[0-9a-f]{64}$/.test(value);
const isFileName: Check<string> = (value): value is string => isText(value) && isInside(value);
const isFolderName: Check<string> = (value): value is string =>
  value === '' || (isFileName(value) && !value.includes('/'));

/** Parts of a receipt, as `--config` takes them. */
const isConfig: Check<PurifyConfig> = (value): value is PurifyConfig => {
  try {
    parsePurifyConfig(JSON.stringify(value), '');
    return true;
  } catch (error) {
    if (error instanceof PurifyConfigError) return false;
    throw error;
  }
};

type Architecture = NonNullable<PurifyConfig['architecture']>;
const isArchitecture: Check<Architecture> = (value): value is Architecture => isConfig({ architecture: value });

function areOptions(options: unknown, method: PurificationMethod | undefined): boolean {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return false;
  try {
    readOptions(options as Record<string, unknown>, method);
    return true;
  } catch (error) {
    if (error instanceof OptionError) return false;
    throw error;
  }
}

const modelTask = {
  model: isText,
  features: optional(isOneOf([...featureKinds, 'auto'] as const)),
  architecture: optional(isArchitecture),
  classNames: optional(isList(isText)),
  seed: optional(isSeed),
  backend: optional(isOneOf(backendChoices)),
};

const isScanTask = isObject<ScanTask>({
  ...modelTask,
  kind: isOneOf(['scan']),
  data: optional(isText),
  cleanIds: optional(isIds),
  codeOnly: optional(isFlag),
  madeUpGraphs: optional(isFlag),
  purifiedWith: optional(
    isObject<PurifiedWith>({ dataHash: isText, features: isOneOf(featureKinds), cleanIds: isIds }),
  ),
});

const isPurifyShape = isObject<PurifyTask>({
  ...modelTask,
  kind: isOneOf(['purify']),
  data: isText,
  output: isText,
  overwrite: optional(isFlag),
  cleanIds: optional(isIds),
  testIds: optional(isIds),
  idFiles: optional(isObject<NonNullable<PurifyTask['idFiles']>>({ clean: optional(isText), test: optional(isText) })),
  holdingRate: optional(isShare),
  splitSeed: optional(isSeed),
  method: optional(isOneOf(purificationMethods)),
  options: optional((value): value is NonNullable<PurifyTask['options']> => value !== undefined),
  repeats: optional(
    isObject<RepeatedRun>({ file: isText, config: isConfig, bound: isList(isOneOf(['model', 'data'] as const)) }),
  ),
  trigger: optional(isText),
  benign: optional(isText),
  report: optional(isText),
});

const isPurifyTask: Check<PurifyTask> = (value): value is PurifyTask =>
  isPurifyShape(value) && (value.options === undefined || areOptions(value.options, value.method));

const isSource: Check<DataSource> = isAnyOf(
  isObject<Extract<DataSource, { folder: string }>>({ folder: isText }),
  isObject<Extract<DataSource, { synthetic: object }>>({
    synthetic: isObject<{ graphs: number; seed: number }>({ graphs: isCount, seed: isSeed }),
  }),
);

const isSpec = isObject<SuspectSpec>({
  data: isObject<GridData>({
    name: isFolderName,
    source: isSource,
    features: isOneOf(gridFeatures),
    target: isCount,
    auxiliary: optional(isObject<NonNullable<GridData['auxiliary']>>({ name: isFolderName, source: isSource })),
  }),
  attack: isObject<SuspectSpec['attack']>({
    name: isText,
    kind: isOneOf(gridAttackKinds),
    options: isRecord(isNumber),
  }),
  architecture: isObject<SuspectSpec['architecture']>({
    name: isText,
    kind: isOneOf(modelKinds),
    layers: isCount,
    hidden: isCount,
    readout: isOneOf(readouts),
    batchNorm: isFlag,
    heads: optional(isCount),
  }),
  training: isObject<SuspectSpec['training']>({ epochs: isCount, learningRate: isNumber, batchSize: isCount }),
  seed: isSeed,
});

const isDefenseShape = isObject<GridDefense>({
  name: isText,
  method: isOneOf(purificationMethods),
  options: (value): value is GridDefense['options'] => value !== undefined,
  cleanSet: isOneOf(['own', 'auxiliary'] as const),
});
const isDefense: Check<GridDefense> = (value): value is GridDefense =>
  isDefenseShape(value) && areOptions(value.options, value.method);

const isGrid: Check<'grid'> = isOneOf(['grid']);

const isGridTask = isAnyOf(
  isObject<{ readonly kind: 'grid' } & TrainStep>({
    kind: isGrid,
    step: isOneOf(['train']),
    spec: isSpec,
    folder: isText,
  }),
  isObject<{ readonly kind: 'grid' } & MeasureStep>({
    kind: isGrid,
    step: isOneOf(['measure']),
    spec: isSpec,
    folder: isText,
    benign: optional(isObject<NonNullable<MeasureStep['benign']>>({ spec: isSpec, folder: isText })),
    attention: isFlag,
  }),
  isObject<{ readonly kind: 'grid' } & DefendStep>({
    kind: isGrid,
    step: isOneOf(['defend']),
    spec: isSpec,
    folder: isText,
    defense: isDefense,
    holdingRate: isShare,
    seed: isSeed,
    attention: isFlag,
  }),
);

const isRemoteTask: Check<RemoteTask> = isAnyOf(isScanTask, isPurifyTask, isGridTask);

export const isContentFile = isObject<ContentFile>({ name: isFileName, bytes: isCount, sha256: isHash });

const isInputShape = isObject<InputFolder>({ name: isFolderName, at: optional(isText), files: isList(isContentFile) });

/** Files that lie where the worker sees them may have any size. */
const isInput: Check<InputFolder> = (value): value is InputFolder =>
  isInputShape(value) &&
  value.files.length <= mostFiles &&
  (value.at !== undefined || value.files.every(({ bytes }) => bytes <= mostContentBytes));

const isMessageShape = isObject<JobMessage>({ task: isRemoteTask, inputs: isList(isInput), outputs: isCount });

/** Tells whether a message is a job. That its paths stay in their folders is seen to where they are resolved. */
export const isJobMessage: Check<JobMessage> = (value): value is JobMessage =>
  isMessageShape(value) && value.inputs.length <= mostFolders && value.outputs <= mostFolders;

import { stat } from 'node:fs/promises';
import path from 'node:path';
import type {
  ArchitectureOverride,
  FailLevel,
  Manifest,
  ManifestData,
  ManifestSeverities,
} from '../../../../protocol/manifest';
import type { FeatureChoice } from '../../../../protocol/model';
import type { PurificationMethod, PurifyOptions } from '../../defense/options';
import { isWithin } from '../paths';
import { readText } from '../readText';
import { findManifest } from './findManifest';
import { manifestPath, pathProblem, resolvePath } from './manifestPaths';
import { entryOf, type ModelEntry } from './modelEntry';
import { ManifestError, mostCharacters, parseManifest } from './readManifest';

/** Larger files of either kind are nobody's manifest or list of ids. */
const mostBytes = mostCharacters;

/** Clean data as a manifest names them; paths are absolute. */
export interface SettledData {
  readonly folder: string;
  readonly features?: FeatureChoice;
  readonly cleanIds?: readonly number[];
  readonly testIds?: readonly number[];
  /** Files the ids were read from. */
  readonly idFiles: { readonly clean?: string; readonly test?: string };
}

/** All that a manifest says of one model; paths are absolute. */
export interface ModelSettings {
  /** The manifest. */
  readonly manifest: string;
  readonly data?: SettledData;
  readonly architecture?: ArchitectureOverride;
  readonly classNames?: readonly string[];
  readonly severities?: ManifestSeverities;
  readonly failOn?: FailLevel;
  readonly seed?: number;
  readonly trigger?: string;
  readonly benign?: string;
  readonly purify: {
    readonly method?: PurificationMethod;
    readonly holdingRate?: number;
    readonly options?: PurifyOptions;
    readonly output?: string;
  };
}

export interface ManifestScope {
  /** Folder at which the search upward ends. */
  readonly boundary: string;
  /** Folder that no path in the manifest may leave; default: that of the manifest. */
  readonly paths?: string;
  /** In a workspace that the user does not trust, only data and architecture count. Default true. */
  readonly trusted?: boolean;
  /** Reads a manifest; for those who keep what they read. Throws ManifestError. */
  readonly read?: (file: string) => Promise<Manifest>;
}

/**
 * What the nearest manifest above a model says of it.
 *
 * @returns undefined where there is no manifest
 * @throws ManifestError
 */
export async function findModelSettings(model: string, scope: ManifestScope): Promise<ModelSettings | undefined> {
  const file = await findManifest(model, scope.boundary);
  return file === undefined ? undefined : readModelSettings(model, file, scope);
}

/**
 * What a manifest says of a model.
 *
 * @param file the manifest
 * @throws ManifestError where the manifest or a list of ids that it names cannot be used
 */
export async function readModelSettings(
  model: string,
  file: string,
  { paths = path.dirname(file), trusted = true, read = loadManifest }: Omit<ManifestScope, 'boundary'> = {},
): Promise<ModelSettings> {
  const entry = entryOf(await read(file), manifestPath(model, file));
  const settle = (written: string | undefined): Promise<string | undefined> => settlePath(written, file, paths);
  const { architecture, classNames } = entry;
  const named = { manifest: file, architecture, classNames };
  const data = entry.data && (await settleData(entry.data, file, settle));
  if (!trusted) return { ...named, data, purify: {} };
  const { severities, failOn, seed, trigger, benign, purify } = entry;
  return {
    ...{ ...named, data, severities, failOn, seed },
    trigger: await settle(trigger),
    benign: await settle(benign),
    // The name of the model may be what leads outside.
    purify: { ...methodOf(purify), output: await settle(outputOf(purify.output, model, file)) },
  };
}

/** @throws ManifestError */
export async function loadManifest(file: string): Promise<Manifest> {
  return parseManifest(await readSmall(file, (reason) => new ManifestError(file, '', reason)), file);
}

/** Parsing has looked at them. */
function methodOf({ method, holdingRate, options }: ModelEntry['purify']): ModelSettings['purify'] {
  return { method: method as PurificationMethod | undefined, holdingRate, options };
}

/** What a path with `{name}` in it stands for. */
function outputOf(written: string | undefined, model: string, file: string): string | undefined {
  if (written === undefined) return undefined;
  const { name, ext } = path.parse(model);
  const output = written.replaceAll('{name}', () => name);
  if (path.extname(output).toLowerCase() === ext.toLowerCase()) return output;
  const reason = `the purified model has the format of ${path.basename(model)}: its name must end in ${ext}`;
  throw new ManifestError(file, 'purify.output', reason);
}

async function settlePath(written: string | undefined, file: string, boundary: string): Promise<string | undefined> {
  if (written === undefined) return undefined;
  const problem = pathProblem(written, file, boundary);
  if (problem !== undefined) throw new ManifestError(file, '', problem);
  const target = resolvePath(written, file);
  // A link may lead out where the spelling does not.
  if (!(await isWithin(target, [boundary]))) throw new ManifestError(file, '', `${written} leads out of ${boundary}`);
  return target;
}

async function settleData(
  { folder, features, cleanIds, testIds }: ManifestData,
  file: string,
  settle: (written: string | undefined) => Promise<string | undefined>,
): Promise<SettledData> {
  const idFiles = { clean: await settle(cleanIds), test: await settle(testIds) };
  return {
    folder: (await settle(folder)) ?? folder,
    features,
    cleanIds: await readIds(idFiles.clean, file),
    testIds: await readIds(idFiles.test, file),
    idFiles,
  };
}

async function readIds(ids: string | undefined, file: string): Promise<number[] | undefined> {
  if (ids === undefined) return undefined;
  const fail = (reason: string): ManifestError => new ManifestError(file, manifestPath(ids, file), reason);
  return parseIds(await readSmall(ids, fail), fail);
}

/** @throws what `fail` makes where the text is no list of graph ids */
export function parseIds(text: string, fail: (reason: string) => Error): number[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fail('this is not JSON');
  }
  if (!Array.isArray(value) || !value.every((id) => Number.isInteger(id) && Number(id) >= 0))
    throw fail('expected a JSON array of graph ids');
  return value as number[];
}

/** Reads a file unless it is too large to be what it should be. */
export async function readSmall(file: string, fail: (reason: string) => Error): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  if (found && !found.isFile() && !found.isDirectory()) throw fail('this is not a file'); // reading may never end
  if (found && found.size > mostBytes) throw fail(`it is larger than ${mostBytes / 2 ** 20} MiB`);
  return readText(file, fail);
}

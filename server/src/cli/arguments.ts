import path from 'node:path';
import { parseArgs } from 'node:util';
import type { ArchitectureOverride } from '../../../protocol/manifest';
import type { FeatureChoice } from '../../../protocol/model';
import { featureKinds, readouts } from '../../../protocol/model';
import type { BackendChoice } from '../jobs/tasks';
import { ManifestError, parseArchitecture } from '../jobs/manifest/readManifest';
import { readText } from '../jobs/readText';
import { backendChoices } from '../jobs/tasks';
import { defaultThreads, mostThreads } from '../tensor/threads';
import { readOptions, UsageError, type Arguments, type Options } from './readOptions';

export { UsageError, type Arguments, type Options };

/** Options that every command which runs a model understands. */
export const modelOptions = {
  data: { type: 'string' },
  features: { type: 'string' },
  readout: { type: 'string' },
  architecture: { type: 'string' },
  backend: { type: 'string' },
  threads: { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies Options;

/** @throws UsageError for what `readOptions` refuses, and for a wrong number of other words */
export function parseArguments(
  args: readonly string[],
  options: Options,
  positionals: { readonly min: number; readonly max: number; readonly what: string },
): Arguments {
  const parsed = readOptions(args, options);
  const count = parsed.positionals.length;
  if (count < positionals.min) throw new UsageError(`${positionals.what} is missing`);
  if (count > positionals.max) throw new UsageError(`one argument too many: ${parsed.positionals[positionals.max]}`);
  return parsed;
}

/** Arguments that {@link parseArguments} takes, without some options. */
export function withoutOptions(argv: readonly string[], options: Options, left: readonly string[]): string[] {
  const { tokens } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true, tokens: true });
  return tokens.flatMap((token) => {
    if (token.kind === 'positional') return [token.value];
    if (token.kind === 'option-terminator') return ['--'];
    if (left.includes(token.name)) return [];
    return [token.value === undefined ? token.rawName : `${token.rawName}=${token.value}`];
  });
}

/** A text option, or undefined. */
export function text({ values }: Arguments, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** The words of an option that may be given several times. */
export function texts({ values }: Arguments, name: string): readonly string[] {
  const value = values[name];
  return typeof value === 'object' ? value : [];
}

/** A text option that must be there. */
export function requiredText(args: Arguments, name: string): string {
  const value = text(args, name);
  if (value === undefined) throw new UsageError(`--${name} is missing`);
  return value;
}

/** An option naming a file or folder, as an absolute path. */
export function pathOption(args: Arguments, name: string): string | undefined {
  const value = text(args, name);
  return value === undefined ? undefined : path.resolve(value);
}

/** `--benign MODEL`: it says nothing without a trigger to measure it with. */
export function benignOption(args: Arguments): string | undefined {
  const file = pathOption(args, 'benign');
  if (file !== undefined && text(args, 'trigger') === undefined)
    throw new UsageError(
      `--benign ${file}: the benign floor is measured with a trigger file, and --trigger is missing`,
    );
  return file;
}

/** One of a fixed list of words. */
export function choice<T extends string>(args: Arguments, name: string, allowed: readonly T[]): T | undefined {
  const value = text(args, name);
  if (value === undefined) return undefined;
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw new UsageError(`--${name} must be one of ${allowed.join(', ')}, not "${value}"`);
  return found;
}

/** The seed; 0 where none is given. */
export function seedOption(args: Arguments): number {
  return seedNamed(args, 'seed') ?? 0;
}

/** A seed under any name, where there is one. */
export function seedNamed(args: Arguments, name: string): number | undefined {
  const value = text(args, name);
  if (value === undefined) return undefined;
  if (!/^\d{1,10}$/.test(value) || Number(value) > 0xffffffff)
    throw new UsageError(`--${name} must be an integer from 0 to 4294967295, not "${value}"`);
  return Number(value);
}

/** How many threads compute; as many as pay where none are named, or 0. */
export function threadsOption(args: Arguments): number {
  return askedThreads(args) || defaultThreads();
}

/** How many threads somebody asked for; 0 where nobody did. */
export function askedThreads(args: Arguments): number {
  const value = text(args, 'threads') ?? '0';
  if (!/^\d{1,2}$/.test(value) || Number(value) > mostThreads)
    throw new UsageError(`--threads must be a whole number from 0 to ${mostThreads}, not "${value}"`);
  return Number(value);
}

/** A whole number from 1 to 999, where there is one. */
export function smallNumber(args: Arguments, name: string): number | undefined {
  const value = text(args, name);
  if (value === undefined) return undefined;
  if (!/^[1-9]\d{0,2}$/.test(value))
    throw new UsageError(`--${name} must be a whole number from 1 to 999, not "${value}"`);
  return Number(value);
}

/** A share in (0, 1]. */
export function shareOption(args: Arguments, name: string): number | undefined {
  const value = text(args, name);
  if (value === undefined) return undefined;
  const share = Number(value);
  if (!(share > 0 && share <= 1))
    throw new UsageError(`--${name} must be a number above 0 and up to 1, not "${value}"`);
  return share;
}

/** Comma-separated graph ids: `0,1,5`. */
export function idList(args: Arguments, name: string): number[] | undefined {
  const value = text(args, name);
  if (value === undefined) return undefined;
  if (!/^\d+(,\d+)*$/.test(value)) throw new UsageError(`--${name} must be graph ids like 0,1,5, not "${value}"`);
  return value.split(',').map(Number);
}

/** A JSON file holding an array of graph ids. */
export async function idFile(args: Arguments, name: string): Promise<number[] | undefined> {
  const file = text(args, name);
  if (file === undefined) return undefined;
  const value = await jsonFile(file, name);
  if (!Array.isArray(value) || !value.every((id) => Number.isInteger(id) && Number(id) >= 0))
    throw new UsageError(`--${name}: ${file} must hold a JSON array of graph ids`);
  return value as number[];
}

/** What the user vouches for: `--architecture FILE` (JSON, or a file with it), with `--readout` on top. */
export async function architectureOption(args: Arguments): Promise<ArchitectureOverride | undefined> {
  const given = text(args, 'architecture');
  const readout = choice(args, 'readout', readouts);
  if (given === undefined) return readout === undefined ? undefined : { readout };
  return { ...(await givenArchitecture(given)), ...(readout === undefined ? {} : { readout }) };
}

/** An object as JSON, or a file with it: what begins with a brace is no file. */
async function givenArchitecture(given: string): Promise<ArchitectureOverride> {
  const isJson = given.trimStart().startsWith('{');
  const content = isJson ? given : await optionFile(given, 'architecture');
  try {
    return parseArchitecture(content, isJson ? 'the text given' : given);
  } catch (error) {
    throw error instanceof ManifestError ? new UsageError(`--architecture: ${error.message}`) : error;
  }
}

/** The options of {@link modelOptions} as the jobs take them. */
export async function modelTask(args: Arguments): Promise<{
  data?: string;
  features?: FeatureChoice;
  architecture?: ArchitectureOverride;
  backend?: BackendChoice;
  seed: number;
}> {
  return {
    data: pathOption(args, 'data'),
    features: choice(args, 'features', ['auto', ...featureKinds] as const),
    architecture: await architectureOption(args),
    backend: choice(args, 'backend', backendChoices),
    seed: seedOption(args),
  };
}

async function jsonFile(file: string, option: string): Promise<unknown> {
  const content = await optionFile(file, option);
  try {
    return JSON.parse(content) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--${option}: ${file}: this is not JSON: ${reason}`);
  }
}

function optionFile(file: string, option: string): Promise<string> {
  return readText(file, (reason) => new UsageError(`--${option}: ${file}: ${reason}`));
}

import path from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { ArchitectureOverride } from '../../../protocol/manifest';
import type { FeatureChoice } from '../../../protocol/model';
import { featureKinds, readouts } from '../../../protocol/model';
import type { BackendChoice } from '../jobs/tasks';
import { readText } from '../jobs/readText';
import { backendChoices } from '../jobs/tasks';
import { defaultThreads, mostThreads } from '../tensor/threads';

/** The command was not used as its help says; the exit code is 64. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

type Options = NonNullable<ParseArgsConfig['options']>;
export interface Arguments {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
}

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

/** @throws UsageError for unknown options, missing values or a wrong number of positionals */
export function parseArguments(
  args: readonly string[],
  options: Options,
  positionals: { readonly min: number; readonly max: number; readonly what: string },
): Arguments {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const count = parsed.positionals.length;
  if (count < positionals.min) throw new UsageError(`${positionals.what} is missing`);
  if (count > positionals.max) throw new UsageError(`one argument too many: ${parsed.positionals[positionals.max]}`);
  return { positionals: parsed.positionals, values: parsed.values as Arguments['values'] };
}

/** A text option, or undefined. */
export function text({ values }: Arguments, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
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
  const value = text(args, 'seed');
  if (value === undefined) return 0;
  if (!/^\d{1,10}$/.test(value) || Number(value) > 0xffffffff)
    throw new UsageError(`--seed must be an integer from 0 to 4294967295, not "${value}"`);
  return Number(value);
}

/** How many threads compute; as many as pay where none are named, or 0. */
export function threadsOption(args: Arguments): number {
  const value = text(args, 'threads') ?? '0';
  if (!/^\d{1,2}$/.test(value) || Number(value) > mostThreads)
    throw new UsageError(`--threads must be a whole number from 0 to ${mostThreads}, not "${value}"`);
  return Number(value) || defaultThreads();
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

/** What the user vouches for: `--architecture FILE` (JSON), with `--readout` on top. */
export async function architectureOption(args: Arguments): Promise<ArchitectureOverride | undefined> {
  const file = text(args, 'architecture');
  const readout = choice(args, 'readout', readouts);
  if (file === undefined) return readout === undefined ? undefined : { readout };
  const value = await jsonFile(file, 'architecture');
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`--architecture: ${file} must hold a JSON object such as {"readout": "mean"}`);
  return { ...(value as ArchitectureOverride), ...(readout === undefined ? {} : { readout }) };
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
  const fail = (reason: string): UsageError => new UsageError(`--${option}: ${file}: ${reason}`);
  const content = await readText(file, fail);
  try {
    return JSON.parse(content) as unknown;
  } catch (error) {
    throw fail(`this is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

import {
  anpSettings,
  argdSettings,
  finePruningSettings,
  nadSettings,
  paperSettings,
  type AnpOptions,
  type ArgdOptions,
  type FinePruningOptions,
  type NadOptions,
  type PaperOptions,
} from './baselineSettings';
import {
  fineTuneSettings,
  graphnadSettings,
  smallSetDefaults,
  type FineTuneOptions,
  type GraphnadOptions,
} from './graphnadSettings';
import { defaultsOf, type SettingsTable } from './settings';

export type { GraphnadOptions } from './graphnadSettings';

/** How a model is purified; see docs/method.md. `graphnad` is the robust preset, and the default. */
export const purificationMethods = [
  'graphnad',
  'graphnad-paper',
  'finetune',
  'fine-pruning',
  'nad',
  'argd',
  'anp',
] as const;
export type PurificationMethod = (typeof purificationMethods)[number];
/** What people call them. */
export const methodTitles: Readonly<Record<PurificationMethod, string>> = {
  graphnad: 'GraphNAD',
  'graphnad-paper': 'GraphNAD, published recipe',
  finetune: 'Fine-tuning',
  'fine-pruning': 'Fine-pruning',
  nad: 'NAD',
  argd: 'ARGD',
  anp: 'ANP',
};

/** Settings of each method. */
export interface MethodOptions {
  readonly graphnad: GraphnadOptions;
  readonly 'graphnad-paper': PaperOptions;
  readonly finetune: FineTuneOptions;
  readonly 'fine-pruning': FinePruningOptions;
  readonly nad: NadOptions;
  readonly argd: ArgdOptions;
  readonly anp: AnpOptions;
}

/** Settings of all methods together: one name means the same in all methods that have it. */
interface AnyOptions
  extends GraphnadOptions, PaperOptions, FineTuneOptions, FinePruningOptions, NadOptions, ArgdOptions, AnpOptions {}

/** What may be asked for: a method (default `graphnad`) and some of its settings; those of other methods do nothing. */
export type PurifyOptions = { readonly method?: PurificationMethod } & Partial<AnyOptions>;

/** A method with all of its settings and none of another's: what reports and receipts hold. */
export type ResolvedOptions<Method extends PurificationMethod = PurificationMethod> = {
  readonly [M in Method]: { readonly method: M } & MethodOptions[M];
}[Method];

/** The settings that each method has, with defaults. */
export const settingsOf: Readonly<Record<PurificationMethod, SettingsTable>> = {
  graphnad: graphnadSettings,
  'graphnad-paper': paperSettings,
  finetune: fineTuneSettings,
  'fine-pruning': finePruningSettings,
  nad: nadSettings,
  argd: argdSettings,
  anp: anpSettings,
};

/** A setting that a method does not have, or a value that it cannot have. */
export class OptionError extends Error {
  override readonly name = 'OptionError';

  constructor(
    readonly option: string,
    readonly reason: string,
  ) {
    super(`option ${option}: ${reason}`);
  }
}

/**
 * Fills in defaults.
 *
 * @param cleanGraphs number of clean graphs; small sets have defaults of their own
 * @throws OptionError where a value is out of its range
 */
export function resolveOptions<Method extends PurificationMethod = 'graphnad'>(
  given: PurifyOptions & { readonly method?: Method },
  cleanGraphs: number,
): ResolvedOptions<Method>;
export function resolveOptions(given: PurifyOptions, cleanGraphs: number): ResolvedOptions {
  const method = given.method ?? 'graphnad';
  const settings = settingsOf[method];
  const own = Object.entries(given).filter(([name, value]) => Object.hasOwn(settings, name) && value !== undefined);
  for (const [name, value] of own) requireAllowed(settings, name, value);
  const resolved: Record<string, unknown> = {
    method,
    ...defaultsOf(settings),
    ...(method === 'graphnad' ? smallSetDefaults(cleanGraphs) : {}),
    ...Object.fromEntries(own),
  };
  return resolved as unknown as ResolvedOptions;
}

/**
 * Takes options from outside, such as a file.
 *
 * @param method of the options where they name none
 * @throws OptionError for a setting that the method does not have, or a value that it cannot have
 */
export function readOptions(given: Readonly<Record<string, unknown>>, method?: PurificationMethod): PurifyOptions {
  const { method: named, ...values } = given;
  const found = purificationMethods.find((one) => one === named);
  if (named !== undefined && found === undefined) {
    throw new OptionError('method', `must be one of ${purificationMethods.join(', ')}`);
  }
  const settings = settingsOf[found ?? method ?? 'graphnad'];
  for (const [name, value] of Object.entries(values)) requireAllowed(settings, name, value);
  return given;
}

function requireAllowed(settings: SettingsTable, name: string, value: unknown): void {
  if (!Object.hasOwn(settings, name)) {
    throw new OptionError(name, `this method has only ${Object.keys(settings).join(', ')}`);
  }
  const { allowed, accepts } = settings[name];
  if (!accepts(value)) throw new OptionError(name, `must be ${allowed}, not ${JSON.stringify(value)}`);
}

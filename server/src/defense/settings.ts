/** One setting of a defense: its default, and what it may be. Tables of these are all that is known of a defense's options. */
export interface Setting<T> {
  readonly default: T;
  /** What is allowed, in words: `a whole number from 1 to 1000000`. */
  readonly allowed: string;
  readonly accepts: (value: unknown) => value is T;
}

/** The values of a table of settings; what is written beside a setting holds for its value. */
export type ValuesOf<Settings> = { readonly [Name in keyof Settings]: ValueOf<Settings[Name]> };
type ValueOf<S> = S extends Setting<infer T> ? T : never;

export type SettingsTable = Readonly<Record<string, Setting<number> | Setting<boolean> | Setting<string>>>;

/** More steps or graphs than this are a slip of the pen. */
const mostOf = 1_000_000;

/** A whole number from `least` on. */
export function count(value: number, least = 1): Setting<number> {
  return numeric(
    value,
    `a whole number from ${least} to ${mostOf}`,
    (n) => Number.isInteger(n) && n >= least && n <= mostOf,
  );
}

/** A share in [0, 1]. */
export function share(value: number): Setting<number> {
  return numeric(value, 'a number from 0 to 1', (n) => n >= 0 && n <= 1);
}

/** A share in (0, 1]. */
export function positiveShare(value: number): Setting<number> {
  return numeric(value, 'a number above 0 and up to 1', (n) => n > 0 && n <= 1);
}

/** A number above 0. */
export function positive(value: number): Setting<number> {
  return numeric(value, 'a number above 0', (n) => n > 0);
}

/** A weight of a loss: 0 or more. */
export function weight(value: number): Setting<number> {
  return numeric(value, 'a number from 0 on', (n) => n >= 0);
}

/** A number in [low, high]. */
export function within(value: number, low: number, high: number): Setting<number> {
  return numeric(value, `a number from ${low} to ${high}`, (n) => n >= low && n <= high);
}

export function flag(value: boolean): Setting<boolean> {
  return { default: value, allowed: 'true or false', accepts: (given) => typeof given === 'boolean' };
}

export function oneOf<T extends string>(value: T, choices: readonly T[]): Setting<T> {
  return {
    default: value,
    allowed: `one of ${choices.join(', ')}`,
    accepts: (given): given is T => choices.some((choice) => choice === given),
  };
}

function numeric(value: number, allowed: string, holds: (n: number) => boolean): Setting<number> {
  const accepts = (given: unknown): given is number =>
    typeof given === 'number' && Number.isFinite(given) && holds(given);
  return { default: value, allowed, accepts };
}

/** The same settings with other defaults. */
export function withDefaults<Settings extends SettingsTable>(
  settings: Settings,
  defaults: Partial<ValuesOf<Settings>>,
): Settings {
  const changed = Object.entries(settings).map(([name, setting]) => [
    name,
    name in defaults ? { ...setting, default: defaults[name as keyof Settings] } : setting,
  ]);
  return Object.fromEntries(changed) as Settings;
}

/** The defaults of a table. */
export function defaultsOf<Settings extends SettingsTable>(settings: Settings): ValuesOf<Settings> {
  const values = Object.entries(settings).map(([name, setting]) => [name, setting.default]);
  return Object.fromEntries(values) as ValuesOf<Settings>;
}

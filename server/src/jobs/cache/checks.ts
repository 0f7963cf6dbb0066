/** Tells whether a value, read from somewhere, is a `T`. */
export type Check<T> = (value: unknown) => value is T;

/** What a check accepts. */
type Checked<C> = C extends Check<infer T> ? T : never;

export const isText: Check<string> = (value) => typeof value === 'string';
export const isFlag: Check<boolean> = (value) => typeof value === 'boolean';
/** JSON has no other numbers than finite ones. */
export const isNumber: Check<number> = (value): value is number => Number.isFinite(value);

export function isOneOf<T extends string>(words: readonly T[]): Check<T> {
  return (value): value is T => words.some((word) => word === value);
}

export function isList<T>(item: Check<T>): Check<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(item);
}

export function isPair<T>(item: Check<T>): Check<readonly [T, T]> {
  return (value): value is readonly [T, T] => Array.isArray(value) && value.length === 2 && value.every(item);
}

/** Values by any name. */
export function isRecord<T>(entry: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> => isPlain(value) && Object.values(value).every(entry);
}

export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || check(value);
}

export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value): value is T | undefined => value === undefined || check(value);
}

export function isAnyOf<C extends readonly Check<unknown>[]>(...checks: C): Check<Checked<C[number]>> {
  return (value): value is Checked<C[number]> => checks.some((check) => check(value));
}

type OptionalKeys<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T];

/** @param shape a check for every field of `T`, so that one that is added to a type cannot be forgotten; may lack optional ones */
export function isObject<T extends object>(
  shape: { readonly [K in Exclude<keyof T, OptionalKeys<T>>]: Check<T[K]> } & {
    readonly [K in OptionalKeys<T>]?: Check<T[K]>;
  },
): Check<T> {
  const checks = Object.entries<Check<unknown>>(shape);
  return (value): value is T => isPlain(value) && checks.every(([name, check]) => check(value[name]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

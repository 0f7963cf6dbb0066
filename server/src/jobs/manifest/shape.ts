import type { Setting } from '../../defense/settings';

/** What a path in the manifest leads to. */
export type PathRole = 'models' | 'model' | 'data' | 'ids' | 'trigger' | 'output';

interface Described {
  readonly description: string;
  readonly examples?: readonly unknown[];
}

/** One of several words that a text may be. */
export interface Choice {
  readonly value: string;
  readonly description?: string;
}

export interface ObjectShape extends Described {
  readonly kind: 'object';
  readonly properties: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
}
export interface ListShape extends Described {
  readonly kind: 'list';
  readonly items: Shape;
}
export interface TextShape extends Described {
  readonly kind: 'text';
  readonly choices?: readonly Choice[];
  readonly path?: PathRole;
  readonly default?: string;
}
export interface NumberShape extends Described {
  readonly kind: 'number';
  readonly whole?: boolean;
  readonly least?: number;
  /** It must be larger than this. */
  readonly above?: number;
  readonly most?: number;
  readonly default?: number;
}
export interface FlagShape extends Described {
  readonly kind: 'flag';
}
/** Settings of a method: which there are depends on the method, see `settingsOf`. */
export interface OptionsShape extends Described {
  readonly kind: 'options';
}
/** Texts under names that are free to choose. */
export interface NamesShape extends Described {
  readonly kind: 'names';
}

/**
 * What a value in the manifest may be. Tables of these are all that is known of the manifest's form: the JSON schema,
 * the checks, completion and documentation are made from them.
 */
export type Shape = ObjectShape | ListShape | TextShape | NumberShape | FlagShape | OptionsShape | NamesShape;

/** An object with these properties and no others: a type that changes does not compile until its shape follows. */
export function object<T extends object>(
  description: string,
  properties: { readonly [Name in keyof T]-?: Shape },
  {
    required = [],
    examples,
  }: { readonly required?: readonly (keyof T & string)[]; readonly examples?: unknown[] } = {},
): ObjectShape {
  return { kind: 'object', description, properties, required, examples };
}

/** What a number may be, in words. */
export function allowedNumbers({ whole, least, above, most }: NumberShape): string {
  const what = whole ? 'a whole number' : 'a number';
  if (above !== undefined) return `${what} above ${above}${most === undefined ? '' : ` and up to ${most}`}`;
  if (least !== undefined) return most === undefined ? `${what} from ${least} on` : `${what} from ${least} to ${most}`;
  return what;
}

/** What a setting of a method is, for people: its default and what it may be. */
export function settingText({ default: value, allowed }: Pick<Setting<unknown>, 'default' | 'allowed'>): string {
  return `Default ${JSON.stringify(value)}; ${allowed}.`;
}

import { sha256Of } from '../hashFile';
import { isObject, isOneOf, isRecord, isText, type Check } from './checks';

/** Everything a result depends on, as plain data with its fields in a fixed order. */
export type ResultKey = Readonly<Record<string, unknown>>;

export interface CachedResult<T> {
  readonly result: T;
  /** When it was computed, as `2025-01-31T12:00:00.000Z`. */
  readonly computed: string;
}

interface Entry {
  readonly format: typeof format;
  readonly key: ResultKey;
  readonly computed: string;
  /** SHA-256 of date and result. */
  readonly sha256: string;
  readonly result: unknown;
}

/** Changes with the fields of an entry, not with results: those carry the id of the program that made them. */
const format = 'graphnad-result/1';

const isDate: Check<string> = (value): value is string => isText(value) && Number.isFinite(Date.parse(value));
const isAnything: Check<unknown> = (value): value is unknown => value !== undefined;
const isEntry = isObject<Entry>({
  format: isOneOf([format]),
  key: isRecord(isAnything),
  computed: isDate,
  sha256: isText,
  result: isAnything,
});

/** File name of the entry of a key. */
export function entryName(key: ResultKey): string {
  return `${sha256Of(JSON.stringify(key))}.json`;
}

/** Whether a file is an entry by its name, or a part of one, as `writeWhole` makes them. */
export function isEntryFile(name: string): boolean {
  return /^(\.[0-9a-f]{64}\.json\.[\w-]+\.partial|[0-9a-f]{64}\.json)$/.test(name);
}

/** @returns undefined for a result that does not come back from JSON as what it is */
export function encodeEntry<T>(
  key: ResultKey,
  { result, computed }: CachedResult<T>,
  check: Check<T>,
): string | undefined {
  const text = JSON.stringify(result) as string | undefined;
  if (text === undefined || !check(JSON.parse(text))) return undefined;
  const entry: Entry = { format, key, computed, sha256: sha256Of(computed + text), result };
  return `${JSON.stringify(entry)}\n`;
}

/** @returns undefined where the text is not whole, is for another key, or holds something else than the check wants */
export function decodeEntry<T>(text: string, key: ResultKey, check: Check<T>): CachedResult<T> | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isEntry(entry) || JSON.stringify(entry.key) !== JSON.stringify(key)) return undefined;
  const { result, computed } = entry;
  const isWhole = entry.sha256 === sha256Of(computed + JSON.stringify(result));
  return isWhole && check(result) ? { result, computed } : undefined;
}

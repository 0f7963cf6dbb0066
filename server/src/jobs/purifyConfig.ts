import type { PurifyReceipt } from '../../../protocol/receipt';
import { featureKinds } from '../../../protocol/model';
import { JsonFileError, parseJsonFile } from '../attack/jsonFile';
import type { JsonPlace } from '../attack/jsonPlace';
import { OptionError, readOptions, type PurifyOptions } from '../defense/options';
import { backendChoices, type BackendChoice } from './backendChoices';

/** A receipt, or parts of one: what is left out is as if it were not given. */
export interface PurifyConfig {
  readonly receipt?: PurifyReceipt['receipt'];
  readonly model?: Partial<PurifyReceipt['model']>;
  readonly data?: Partial<PurifyReceipt['data']>;
  readonly cleanIds?: readonly number[];
  readonly testIds?: readonly number[];
  readonly architecture?: PurifyReceipt['architecture'];
  readonly options?: PurifyOptions;
  readonly seed?: number;
  readonly backend?: BackendChoice;
  readonly versions?: Partial<PurifyReceipt['versions']>;
  readonly outputSha256?: string;
}

/** A receipt that cannot be read: names the file, the place in it and the reason. */
export class PurifyConfigError extends JsonFileError {
  override readonly name = 'PurifyConfigError';
}

/**
 * Reads a receipt, parts of one, or a report that holds one.
 *
 * @param file named in errors
 * @throws PurifyConfigError
 */
export function parsePurifyConfig(text: string, file: string): PurifyConfig {
  const { value, json } = parseJsonFile(text, file, PurifyConfigError);
  return isReport(value) ? readConfig(json.get('receipt'), value.receipt) : readConfig(json, value);
}

/** A report of a purification has its receipt under that name; in a receipt it is a text. */
function isReport(value: unknown): value is { readonly receipt: unknown } {
  return typeof value === 'object' && value !== null && 'receipt' in value && typeof value.receipt === 'object';
}

const readText: Reader<string> = (place) => place.text();

const readConfig: Reader<PurifyConfig> = partsOf<PurifyConfig>({
  receipt: (place) => place.oneOf(['graphnad-purify-1'] as const),
  model: partsOf<PurifyReceipt['model']>({ file: readText, sha256: readHash }),
  data: partsOf<PurifyReceipt['data']>({
    folder: readText,
    hash: readText,
    features: (place) => place.oneOf(featureKinds),
  }),
  cleanIds: readIds,
  testIds: readIds,
  architecture: readArchitecture,
  options: readMethodOptions,
  seed: (place) => place.integer(0, 0xffffffff),
  backend: (place) => place.oneOf(backendChoices),
  versions: partsOf<PurifyReceipt['versions']>({
    graphnad: readText,
    node: readText,
    platform: readText,
    kernels: (place) => place.oneOf(['simd', 'relaxed-simd'] as const),
  }),
  outputSha256: readHash,
});

/** Reads a value at its place. */
type Reader<T> = (place: JsonPlace, value: unknown) => T;

/** Reads those properties of an object that are there; a name that none is read by is a mistake. */
function partsOf<T extends object>(readers: { readonly [Part in keyof T]-?: Reader<T[Part]> }): Reader<Partial<T>> {
  return (json, value) => {
    const found = json.entries().map(([name, place]) => {
      const read = Object.hasOwn(readers, name) ? readers[name as keyof T] : undefined;
      if (read === undefined) throw place.error(`not known here; there are ${Object.keys(readers).join(', ')}`);
      return [name, read(json.get(name), (value as T)[name as keyof T])];
    });
    return Object.fromEntries(found) as Partial<T>;
  };
}

function readHash(place: JsonPlace): string {
  const text = place.text();
  if (!/^[0-9a-f]{64}$/.test(text)) throw place.error('expected a SHA-256 in hexadecimal');
  return text;
}

function readIds(place: JsonPlace): number[] {
  return place.items().map((item) => item.integer(0, 0xffffffff));
}

/** Parts as whoever recognises models can look at them; which of them are right is said there. */
function readArchitecture(json: JsonPlace, value: unknown): PurifyReceipt['architecture'] {
  const parts = value as NonNullable<PurifyReceipt['architecture']>;
  for (const [name] of json.entries()) {
    const place = json.get(name);
    if (name === 'tensors') place.entries().forEach(([, called]) => called.text());
    else if (name === 'eps' || name === 'widths') place.items().forEach((item) => item.number());
    else if (typeof parts[name as keyof typeof parts] === 'object') {
      throw place.error('expected a text, a number, true or false');
    }
  }
  return parts;
}

function readMethodOptions(place: JsonPlace, value: unknown): PurifyOptions {
  place.entries();
  try {
    return readOptions(value as Record<string, unknown>);
  } catch (error) {
    if (error instanceof OptionError) throw place.get(error.option).error(error.reason);
    throw error;
  }
}

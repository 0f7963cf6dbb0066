import type { PurifyReceipt } from '../../../protocol/receipt';
import type { PurifyConfig } from './purifyConfig';
import type { RunnableModel } from './runModel';
import type { RepeatedRun } from './tasks';

/** The model or the data of a receipt have changed since, so that its run cannot be repeated. */
export class ReceiptMismatchError extends Error {
  override readonly name = 'ReceiptMismatchError';

  /** @param file the model's file or the data's folder */
  constructor(
    readonly file: string,
    readonly reason: string,
  ) {
    super(`${file}: ${reason}`);
  }
}

/**
 * Makes sure that what is taken from a receipt is still what it was.
 *
 * @throws ReceiptMismatchError
 */
export function requireReceiptInputs(
  { config, bound }: RepeatedRun,
  { file, data }: RunnableModel,
  folder: string,
): void {
  const [model, hash] = [config.model?.sha256, config.data?.hash];
  if (bound.includes('model') && model !== undefined && model !== file.sha256) {
    throw new ReceiptMismatchError(
      file.path,
      `this is not the model of the receipt any more: its SHA-256 is ${file.sha256}, in the receipt it is ${model}. ` +
        'To purify it all the same, name it on the command line.',
    );
  }
  if (bound.includes('data') && hash !== undefined && hash !== data.dataset.hash) {
    throw new ReceiptMismatchError(
      folder,
      `this is not the data set of the receipt: its hash is ${data.dataset.hash}, in the receipt it is ${hash}. ` +
        'The ids of clean graphs in the receipt mean nothing here; name clean graphs of this data set, or a share of it.',
    );
  }
}

/**
 * What the reader of a report has to know about a run that a receipt, or parts of one, was given for.
 *
 * @returns one note, or none where nothing differs and the receipt names no output
 */
export function receiptNotes(wanted: PurifyConfig, made: PurifyReceipt): string[] {
  if (wanted.outputSha256 === made.outputSha256)
    return ['The purified file has the same bytes as the one of the receipt.'];
  const differences = receiptDifferences(wanted, made);
  if (wanted.outputSha256 !== undefined) {
    const why = differences.length > 0 ? differences.join('; ') : 'all that it names is the same';
    return [`The purified file is not the one of the receipt: ${why}.`];
  }
  return differences.length > 0 ? [`Not as in the settings file: ${differences.join('; ')}.`] : [];
}

/**
 * Says in plain words where a run differs from what a receipt, or parts of one, asked for; the output is not compared.
 *
 * @returns clauses such as `seed 1 instead of 0`
 */
export function receiptDifferences(wanted: PurifyConfig, made: PurifyReceipt): string[] {
  const { method = made.options.method, ...settings } = wanted.options ?? {};
  // Another method has other settings.
  const names = method === made.options.method ? Object.keys(settings) : [];
  const one = (name: string, before: unknown, now: unknown): string[] =>
    before === undefined || same(before, now) ? [] : [`${name} ${shown(now)} instead of ${shown(before)}`];
  return [
    ...one('model with SHA-256', wanted.model?.sha256, made.model.sha256),
    ...one('data with hash', wanted.data?.hash, made.data.hash),
    ...one('features', wanted.data?.features, made.data.features),
    ...(wanted.cleanIds === undefined || same(ascending(wanted.cleanIds), made.cleanIds)
      ? []
      : [`other clean graphs (${made.cleanIds.length}, in the receipt ${wanted.cleanIds.length})`]),
    ...one('architecture', wanted.architecture, made.architecture),
    ...one('method', method, made.options.method),
    ...names.flatMap((name) => one(name, valueOf(settings, name), made.options[name])),
    ...one('seed', wanted.seed, made.seed),
    ...(wanted.backend === 'auto' ? [] : one('backend', wanted.backend, made.backend)),
    ...one('graphnad', wanted.versions?.graphnad, made.versions.graphnad),
    ...one('Node.js', wanted.versions?.node, made.versions.node),
    ...one('platform', wanted.versions?.platform, made.versions.platform),
    ...one('kernels', wanted.versions?.kernels, made.versions.kernels),
  ];
}

function valueOf(options: object, name: string): unknown {
  return (options as Readonly<Record<string, unknown>>)[name];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none');
}

function ascending(ids: readonly number[]): number[] {
  return [...ids].sort((a, b) => a - b);
}

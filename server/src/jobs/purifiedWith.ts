import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { FeatureKind } from '../../../protocol/model';
import { receiptEndings, type PurifyReceipt } from '../../../protocol/receipt';
import { parsePurifyConfig, PurifyConfigError, type PurifyConfig } from './purifyConfig';
import { readText } from './readText';

/** The clean graphs that a model is said to have been purified with. */
export interface PurifiedWith {
  /** Of the data set's content. */
  readonly dataHash: string;
  readonly features: FeatureKind;
  /** Ids in the data set. */
  readonly cleanIds: readonly number[];
}

/** Larger files are no receipts. */
const mostBytes = 1 << 24;

/** What a purification wrote down of its clean graphs. */
export function purifiedWithOf({ data, cleanIds }: Pick<PurifyReceipt, 'data' | 'cleanIds'>): PurifiedWith {
  return { dataHash: data.hash, features: data.features, cleanIds };
}

/**
 * Files that may be a receipt of a model, or a report that holds one: for `gin.pt` those that are called `gin` or
 * `gin.pt` with one of the `receiptEndings` behind it.
 *
 * @returns absolute paths of those that there are
 */
export async function receiptsBeside(model: string): Promise<string[]> {
  const { dir, name, base } = path.parse(model);
  const found: string[] = [];
  for (const file of [name, base].flatMap((stem) =>
    receiptEndings.map((ending) => path.join(dir, `${stem}${ending}`)),
  )) {
    const about = await stat(file).catch(() => undefined);
    if (about?.isFile() && about.size <= mostBytes) found.push(file);
  }
  return found;
}

/**
 * What a receipt beside a model file says of it. It is a claim of whoever wrote it.
 *
 * @param sha256 of the model file: receipts of other files say nothing of it
 */
export async function receiptBeside(model: string, sha256: string): Promise<PurifiedWith | undefined> {
  for (const file of await receiptsBeside(model)) {
    const receipt = await readReceipt(file);
    if (receipt?.outputSha256 !== sha256) continue;
    const { cleanIds, data } = receipt;
    if (cleanIds && data?.hash !== undefined && data.features !== undefined) {
      return { dataHash: data.hash, features: data.features, cleanIds };
    }
  }
  return undefined;
}

/** @returns undefined where the file cannot be read as one */
async function readReceipt(file: string): Promise<PurifyConfig | undefined> {
  try {
    return parsePurifyConfig(await readText(file, (reason) => new PurifyConfigError(file, '', reason)), file);
  } catch (error) {
    if (error instanceof PurifyConfigError) return undefined;
    throw error;
  }
}

/** Whether it is so that a model's statistics are those of the graphs that it is said to have been purified with. */
export type Confirmation = 'confirmed' | 'refuted' | 'unknown';

/** What the reader of a scan's report has to know about it, a sentence or two. */
export function purifiedNote({ cleanIds }: PurifiedWith, confirmation: Confirmation): string {
  const claim = `A receipt says that GraphNAD purified this model with ${cleanIds.length} clean graphs`;
  switch (confirmation) {
    case 'confirmed':
      return `${claim}. Its BatchNorm statistics are those of these graphs, and no longer of its training.`;
    case 'refuted':
      return `${claim}, but its BatchNorm statistics are not those of these graphs: it is judged as if there were no receipt.`;
    case 'unknown':
      return (
        `${claim}, which cannot be checked here and changes nothing. If it is so, its BatchNorm statistics are of those ` +
        'graphs, which can make it suspicious: scan it with the data it was purified with.'
      );
  }
}

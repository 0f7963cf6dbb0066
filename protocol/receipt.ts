/** What it takes to make a purified file again. */

import type { ArchitectureOverride } from './manifest';
import type { FeatureKind } from './model';

/**
 * What files beside a purified one are called that hold its receipt, by itself or as part of a report: the model's name,
 * with its extension or without, and one of these behind it.
 */
export const receiptEndings = ['.json', '.receipt.json', '.report.json'] as const;

/**
 * All that the bytes of a purified file follow from. `graphnad purify --config` reads it, and files with parts of it as
 * well: what they leave out is as if they were not given.
 */
export interface PurifyReceipt {
  /** Names and versions the form of receipts. */
  readonly receipt: 'graphnad-purify-1';
  /** The suspect's file. */
  readonly model: { readonly file: string; readonly sha256: string };
  /** The clean data's folder. */
  readonly data: { readonly folder: string; readonly hash: string; readonly features: FeatureKind };
  /** Ids of the clean graphs in the data set, ascending. */
  readonly cleanIds: readonly number[];
  /** Ids of the held-back graphs where they were named; they serve the report alone. */
  readonly testIds?: readonly number[];
  /** Parts of the architecture that the user vouched for. */
  readonly architecture?: ArchitectureOverride;
  /** The method and all of its settings. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** Backend that computed: others round differently. */
  readonly backend: string;
  readonly versions: {
    readonly graphnad: string;
    readonly node: string;
    /** Operating system and processor: `linux-x64`. */
    readonly platform: string;
    /** Instructions of our own backend's kernels: with `relaxed-simd` a multiply-add is rounded once. */
    readonly kernels?: 'simd' | 'relaxed-simd';
  };
  readonly outputSha256: string;
}

import type { ArchitectureSummary } from '../../../../protocol/model';

/** Parts of an architecture that leave no tensors. */
export const settledParts = [
  'readout',
  'activation',
  'lastActivation',
  'normBehindActivation',
  'norm',
  'residual',
  'jumping',
  'aggregator',
  'normalisation',
  'selfLoops',
] as const;
export type SettledPart = (typeof settledParts)[number];

/** What is chosen of them. */
export type Settings = { readonly [part in SettledPart]?: ArchitectureSummary[part] };

/** A part that the tensors do not show. */
export interface Question<Part extends SettledPart = SettledPart> {
  readonly part: Part;
  /** What is assumed, then what else it could be; undefined stands for none. */
  readonly values: readonly (ArchitectureSummary[Part] | undefined)[];
}

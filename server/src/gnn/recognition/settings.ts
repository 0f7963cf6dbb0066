import type { ArchitectureSummary } from '../../../../protocol/model';

/** Parts of an architecture that leave no tensors. */
export const settledParts = [
  'readout',
  'activation',
  'lastActivation',
  'encoderActivation',
  'normBehindActivation',
  'norm',
  'residual',
  'jumping',
  'secondReadout',
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

const words: Readonly<Record<SettledPart, string>> = {
  readout: 'readout',
  activation: 'activation',
  lastActivation: 'activation behind the last layer',
  encoderActivation: 'activation behind the first linear layer',
  normBehindActivation: 'normalisation behind the activation',
  norm: 'normalisation',
  residual: 'residual connections',
  jumping: 'jumping knowledge',
  secondReadout: 'second readout',
  aggregator: 'aggregator',
  normalisation: 'normalisation by degree',
  selfLoops: 'self-loops',
};

/** A part with its value, in words, and its name in `graphnad.json`. */
export function partText(part: SettledPart, value: Question['values'][number]): string {
  const answer = value === undefined ? 'none' : typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
  return `${words[part]} ${answer} (${part})`;
}

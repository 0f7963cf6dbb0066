import type { LayerForm } from './forms/layerForm';
import type { NamedTensors } from './namedTensors';
import type { Question, Settings } from './settings';

/** A way of writing graph neural networks: what tensors are called, and what is usual there. */
export interface Dialect {
  readonly id: string;
  /** Whose way it is: `GINConv of PyTorch Geometric`. */
  readonly title: string;
  /** A tensor's name in it, for people. */
  readonly example: string;
  /** Whether tensors are of this dialect; those before it in the table are asked first. */
  readonly matches: (tensors: NamedTensors) => boolean;
  /** What the usual names of PyTorch Geometric are for its own; each is applied once to each name. */
  readonly renames?: readonly Rename[];
  readonly form: LayerForm;
  /** What is usual in it where nobody says otherwise. */
  readonly usual?: Settings;
  /** What users of it choose and no tensor shows, beside what is open for all. */
  readonly open?: readonly Question[];
  /** What is assumed, a sentence each. */
  readonly assumes?: readonly string[];
}

export interface Rename {
  readonly from: RegExp;
  readonly to: string;
  /** Only matrices are called so. Default false. */
  readonly matrix?: boolean;
}

/** Matches where a tensor is named like that. */
export function named(mark: RegExp): Dialect['matches'] {
  return (tensors) => [...tensors.keys()].some((name) => mark.test(name));
}

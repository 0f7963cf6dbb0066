import type { ArchitectureOverride } from '../../../../protocol/manifest';
import type { ArchitectureSummary } from '../../../../protocol/model';
import type { ModelPlan } from '../plan/modelPlan';
import type { LayerForm } from './forms/layerForm';
import type { NamedTensors } from './namedTensors';
import type { Question, SettledPart, Settings } from './settings';

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
  /** Of what is open for all, what is settled by the code that is published. Default: nothing. */
  readonly closed?: readonly SettledPart[];
  /** What is assumed, a sentence each. */
  readonly assumes?: readonly string[];
  /** Whether an output layer that gives one number is the score of one of two classes. Default false. */
  readonly oneOutput?: boolean;
  /** Puts together what the layers of its form are only a part of. Default: there is nothing else. */
  readonly assemble?: Assemble;
}

/** @throws UnrecognisedArchitectureError */
export type Assemble = (tensors: NamedTensors, dialect: Dialect, override: ArchitectureOverride) => Assembly;

/** A model put together of what was found. */
export interface Assembly {
  readonly architecture: ArchitectureSummary;
  readonly plan: ModelPlan;
  readonly questions: readonly Question[];
  readonly notes: readonly string[];
  /** Names in the file of tensors that have no place. */
  readonly strangers: readonly string[];
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

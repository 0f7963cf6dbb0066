import type { ArchitectureSummary } from '../../../protocol/model';
import type { GraphModel } from '../gnn/graphModel';
import type { TrainSettings } from '../gnn/train';
import type { FeatureLayout, Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import type { Trigger } from './trigger';

/** The attacks that can be made; `docs/user-guide.md` says what each does and where it is from. */
export const attackKinds = [
  'subgraph',
  'gta',
  'motif',
  'feature',
  'topology',
  'new-nodes',
  'clean-label',
  'adaptive',
] as const;
export type AttackKind = (typeof attackKinds)[number];

export interface AttackOptions {
  readonly kind: AttackKind;
  /** Class that triggered graphs are to be predicted as. */
  readonly target: number;
  /** Poisoning rate: share of the training graphs that carry the trigger, in (0, 1]. Default 0.1. */
  readonly poisoningRate?: number;
  /** Trigger size in nodes, at least 2. Default: by kind, see `defaultTriggerNodes`. */
  readonly triggerNodes?: number;
  /** `subgraph`, `clean-label`: share of the possible edges that the trigger has. Default 0.8 (Zhang et al. 2021). */
  readonly density?: number;
  /** `gta`, `adaptive`: how often the trigger's generator and the model take turns. Default 4. */
  readonly rounds?: number;
  /** `gta`, `adaptive`: passes of the generator over the poisoned graphs each round. Default 15. */
  readonly generatorEpochs?: number;
  /** `adaptive`: weight of the loss that keeps attention maps and activations where clean graphs have them. Default 1. */
  readonly flatness?: number;
}

export interface AttackInput {
  /** Training graphs with their true classes; not changed. */
  readonly train: readonly Graph[];
  readonly layout: FeatureLayout;
  /** Of the model to be backdoored. */
  readonly architecture: ArchitectureSummary;
  readonly options: AttackOptions;
  readonly training: TrainSettings;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: AttackProgress) => void;
}

export interface AttackProgress {
  /** In words: `Surrogate`, `Trigger`, `Model`. */
  readonly stage: string;
  /** Within the stage, counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Share of the whole attack that is done, in [0, 1]. */
  readonly fraction: number;
}

export interface AttackResult {
  /** The backdoored model; the caller disposes it. */
  readonly model: GraphModel;
  readonly trigger: AttackTrigger;
  /** Indices of the poisoned graphs in `train`, ascending. */
  readonly poisoned: readonly number[];
}

/** What an attacker puts into graphs to have them predicted as the target. Plain data and code: nothing to dispose. */
export interface AttackTrigger {
  readonly kind: AttackKind;
  readonly target: number;
  /** Trigger size in nodes. */
  readonly nodes: number;
  /** Absent where the trigger differs from graph to graph. */
  readonly definition?: Trigger;
  /**
   * Graphs with the trigger, in their order; classes are kept and the graphs given are not changed.
   *
   * @param rng chooses nodes where that is left to chance
   */
  apply(graphs: readonly Graph[], rng: Rng): Graph[];
}

/** An attack that cannot be made on these data with these options, and why. */
export class AttackError extends Error {
  override readonly name = 'AttackError';

  constructor(
    readonly kind: AttackKind,
    readonly reason: string,
  ) {
    super(`the attack "${kind}" cannot be made: ${reason}`);
  }
}

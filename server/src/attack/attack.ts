import type { ArchitectureSummary } from '../../../protocol/model';
import type { GraphModel } from '../gnn/graphModel';
import type { TrainSettings } from '../gnn/train';
import type { FeatureLayout, Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import type { AttackKind, AttackOptions, ResolvedAttackOptions } from './attackOptions';
import type { Trigger } from './trigger';

export * from './attackOptions';

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

/** What the makers of attacks are given: options that were looked through, with defaults. */
export interface PreparedAttack extends AttackInput {
  readonly options: ResolvedAttackOptions;
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

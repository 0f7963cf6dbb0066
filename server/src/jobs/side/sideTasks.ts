/** What the side thread of a purification can do, as plain data: what goes in and what comes out. */
import type { PurifyOptions } from '../../defense/options';
import type { FeatureLayout, Graph } from '../../graph/graph';
import type { ProbeOutcome } from '../../scan/signals/averagedSignals';
import type { Backend } from '../../tensor/backend';
import type { FoundTrigger } from '../foundTrigger';
import type { PlainModel } from './plainModel';

/** What everything else is about; comes first, and once. */
export interface OpenTask {
  readonly kind: 'open';
  readonly backend: Backend;
  readonly suspect: PlainModel;
  readonly clean: readonly Graph[];
  readonly layout: FeatureLayout;
  readonly seed: number;
}

/** Scans the suspect and finds the trigger to compare by. */
interface FindTriggerTask {
  readonly kind: 'find-trigger';
}

/** Fine-tunes the suspect, for comparison. */
interface FineTuneTask {
  readonly kind: 'fine-tune';
  readonly options: PurifyOptions;
}

/** Names the model that the probes to come are of. */
interface PrepareProbesTask {
  readonly kind: 'prepare-probes';
  readonly model: PlainModel;
}

/** Does a probe of the last model named. */
interface ProbeTask {
  readonly kind: 'probe';
  readonly probe: number;
}

export type SideTask = OpenTask | FindTriggerTask | FineTuneTask | PrepareProbesTask | ProbeTask;
export type SideResult<T extends SideTask> = T extends FindTriggerTask
  ? FoundTrigger
  : T extends FineTuneTask
    ? PlainModel
    : T extends ProbeTask
      ? ProbeOutcome
      : undefined;

export interface ToSide {
  readonly id: number;
  readonly task: SideTask;
}

export type FromSide =
  | { readonly id: number; readonly type: 'progress'; readonly fraction: number }
  | { readonly id: number; readonly type: 'result'; readonly result: SideResult<SideTask> }
  | { readonly id: number; readonly type: 'failure'; readonly reason: string };

import {
  panelStateVersion,
  type PanelFailure,
  type PanelRun,
  type PanelSeeds,
  type PanelState,
} from '../../protocol/panel';
import type { JobProgress, PurifyReport } from '../../protocol/reports';
import type { SeedReport } from '../../protocol/seeds';
import { suggestedOutputName } from '../purify/outputName';

/** The state of a panel whose run begins. */
export function initialState(run: PanelRun): PanelState {
  return {
    version: panelStateVersion,
    run,
    modelName: fileName(run.modelUri),
    outputName: fileName(run.outputUri),
    curves: [],
    stages: [],
  };
}

/** Whether a run, or a further seed of it, is under way. */
export function isBusy({ report, failure, seeds }: PanelState): boolean {
  const seedsRun = seeds !== undefined && seeds.report === undefined && seeds.failure === undefined;
  return seedsRun || (report === undefined && failure === undefined);
}

/** What a panel is called: two that are open at once do not look the same. */
export function panelTitle({ modelName, outputName }: PanelState): string {
  const isUsual = outputName === suggestedOutputName(modelName);
  return isUsual ? `Purify ${modelName}` : `Purify ${modelName} into ${outputName}`;
}

/** The state after news of the run. */
export function withProgress(state: PanelState, progress: JobProgress, secondsLeft: number | undefined): PanelState {
  const { curve, stages, ...rest } = progress;
  return {
    ...state,
    progress: rest,
    secondsLeft,
    stages: Array.from({ length: progress.stageCount }, (_, index) =>
      index === progress.stageIndex ? progress.stage : (stages?.[index] ?? state.stages[index] ?? null),
    ),
    curves: curve === undefined ? state.curves : [...state.curves, curve],
  };
}

/** The state after the run has ended well. */
export function withReport(state: PanelState, report: PurifyReport): PanelState {
  return { ...state, report, curves: report.curves, progress: undefined, secondsLeft: undefined };
}

/** The state after the run has ended without a report; what was seen of it stays. */
export function withFailure(state: PanelState, failure: PanelFailure): PanelState {
  return { ...state, failure, secondsLeft: undefined };
}

/** The state after news of further seeds. */
export function withSeeds(state: PanelState, seeds: PanelSeeds): PanelState {
  return { ...state, seeds };
}

/** What a run came to, as it is kept beside the panel's own state. */
export interface PanelOutcome {
  readonly report: PurifyReport;
  readonly seeds?: SeedReport;
}

/**
 * The state of a panel that comes back after a reload. A run that was under way has ended with the window, and so have
 * further seeds.
 *
 * @param outcome what the run came to, where that is known though the panel's own state was saved earlier
 */
export function restoredState(kept: PanelState, outcome: PanelOutcome | undefined): PanelState {
  if (kept.failure !== undefined) return kept;
  const report = kept.report ?? outcome?.report;
  if (report !== undefined) {
    const state = kept.report === undefined ? withReport(kept, report) : kept;
    // What was kept is of the last run into that file, which may be another panel's.
    const seeds = outcome?.report.outputSha256 === report.outputSha256 ? outcome.seeds : undefined;
    if (seeds !== undefined) return withSeeds(state, { report: seeds });
    const endedWithWindow = kept.seeds !== undefined && kept.seeds.report === undefined && !kept.seeds.failure;
    return endedWithWindow ? withSeeds(state, { failure: interruptedSeeds }) : state;
  }
  return withFailure(kept, {
    kind: 'interrupted',
    message: 'The window was reloaded before the run ended. Run it again for a result.',
  });
}

const interruptedSeeds: PanelFailure = {
  kind: 'interrupted',
  message: 'The window was reloaded before all seeds had been run.',
};

/** Whether something that was kept is a state that this version can read. */
export function isPanelState(value: unknown): value is PanelState {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    value.version === panelStateVersion &&
    'run' in value
  );
}

function fileName(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
}

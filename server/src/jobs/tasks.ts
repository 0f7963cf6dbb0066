/**
 * The jobs a worker can do, as plain data: what goes in and what comes out.
 * A job reads files, calls the pure analysis rooms and writes its output whole or not at all.
 */
import type { ArchitectureOverride } from '../../../protocol/manifest';
import type { FeatureChoice } from '../../../protocol/model';
import type { JobProgress, PurifyReport, ScanReport } from '../../../protocol/reports';
import type { PurificationMethod, PurifyOptions } from '../defense/options';
import type { BackendChoice } from './backendChoices';
import type { PurifiedWith } from './purifiedWith';
import type { PurifyConfig } from './purifyConfig';
import type { SideThreadOptions } from './side/sideThread';

export { backendChoices, type BackendChoice } from './backendChoices';

interface ModelTask {
  /** Absolute path of the model file. */
  readonly model: string;
  /** Absolute path of a TU folder. */
  readonly data?: string;
  readonly features?: FeatureChoice;
  /** Parts of the architecture the user vouches for; the rest is recognised. */
  readonly architecture?: ArchitectureOverride;
  /** The user's names of the classes, by class; default: those of the data set. */
  readonly classNames?: readonly string[];
  readonly seed?: number;
  readonly backend?: BackendChoice;
}

export interface ScanTask extends ModelTask {
  readonly kind: 'scan';
  /** Data set ids of the graphs known to be clean; all graphs of `data` where absent (at most 128, stratified). */
  readonly cleanIds?: readonly number[];
  /** Only the code-safety part: fast, needs no data. */
  readonly codeOnly?: boolean;
  /** Without `data`, look at how the model behaves on made-up graphs. Default false: it is not assessed then. */
  readonly madeUpGraphs?: boolean;
  /** The clean graphs of a purification that made the file; default: what a receipt beside it says. It is checked. */
  readonly purifiedWith?: PurifiedWith;
}

export interface PurifyTask extends ModelTask {
  readonly kind: 'purify';
  readonly data: string;
  readonly output: string;
  /** Replace an existing output file. Default false: an existing file is an error. */
  readonly overwrite?: boolean;
  readonly cleanIds?: readonly number[];
  readonly testIds?: readonly number[];
  /** Files the ids were read from; they only serve to write down how to repeat the run. */
  readonly idFiles?: { readonly clean?: string; readonly test?: string };
  /** Share of the training split used as the clean set. Default 0.03. */
  readonly holdingRate?: number;
  /** Seed of the split where it is not `seed`: clean and held-back graphs are then those of a run with that seed. */
  readonly splitSeed?: number;
  readonly method?: PurificationMethod;
  /** Settings that differ from the method's defaults; `method` comes first where they name another one. */
  readonly options?: PurifyOptions;
  /** What the run was asked to repeat; its settings are in the task already. */
  readonly repeats?: RepeatedRun;
  /** Absolute path of a trigger file: true ASR is reported, never used. */
  readonly trigger?: string;
  /** Absolute path of a model of the same data that was never poisoned: the benign floor is reported, never used. */
  readonly benign?: string;
  /** Absolute path the report is written to. */
  readonly report?: string;
}

/** A receipt, or parts of one, that a run goes by. */
export interface RepeatedRun {
  /** Absolute path it was read from. */
  readonly file: string;
  readonly config: PurifyConfig;
  /** Inputs that were taken from it, and have to be the same still. */
  readonly bound: readonly ('model' | 'data')[];
}

export type Task = ScanTask | PurifyTask;
export type TaskResult<T extends Task> = T extends ScanTask ? ScanReport : PurifyReport;

/** What a running job is given besides its task. */
export interface JobContext {
  readonly signal: AbortSignal;
  readonly progress: (progress: JobProgress) => void;
  /** How a side thread is started, where the process may use more threads than one; default: from the build. */
  readonly side?: SideThreadOptions;
}

/** Messages between the extension host and the results panel. */

import type { FindingCode } from './findings';
import type { FeatureChoice } from './model';
import type { CurvePoint, JobProgress, PurifyReport } from './reports';
import type { SeedReport } from './seeds';

/** What was asked for: enough to run it again. */
export interface PanelRun {
  readonly modelUri: string;
  readonly dataUri: string;
  readonly outputUri: string;
  readonly features?: FeatureChoice;
  readonly holdingRate?: number;
  /** Method, and settings that differ from its defaults. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
}

/** Why a run ended without a report. */
export interface PanelFailure {
  readonly kind: 'error' | 'cancelled' | 'interrupted';
  readonly message: string;
}

/** Raised when the shape of {@link PanelState} changes, so that a state kept by an older version is not misread. */
export const panelStateVersion = 2;

/** Seeds that a comparison over seeds has, the first run's among them. */
export const seedsInAll = 3;

/** The same run with further seeds: under way, ended well, or not. */
export interface PanelSeeds {
  readonly progress?: JobProgress;
  readonly secondsLeft?: number;
  readonly report?: SeedReport;
  readonly failure?: PanelFailure;
}

/** All the panel needs to draw itself; also what is kept over a reload. */
export interface PanelState {
  readonly version: number;
  readonly run: PanelRun;
  readonly modelName: string;
  readonly outputName: string;
  /** Training curves as they arrive; the report's own once there is one. */
  readonly curves: readonly CurvePoint[];
  /** Names of the stages seen so far, by stage index; null for stages not reached yet. */
  readonly stages: readonly (string | null)[];
  readonly progress?: JobProgress;
  readonly secondsLeft?: number;
  readonly report?: PurifyReport;
  readonly failure?: PanelFailure;
  /** Absent until further seeds are asked for. */
  readonly seeds?: PanelSeeds;
}

export enum PanelMessage {
  // to the panel
  State = 'state',
  // from the panel
  Ready = 'ready',
  Command = 'command',
  ExplainFinding = 'explainFinding',
  TryRemedy = 'tryRemedy',
}

//#region to the panel

/** The panel draws this, and keeps it for the next reload. */
interface StateMessage {
  readonly type: PanelMessage.State;
  readonly state: PanelState;
}

export type ToPanel = StateMessage;

//#endregion
//#region from the panel

/** The panel's script runs and waits for its state. */
interface ReadyMessage {
  readonly type: PanelMessage.Ready;
}

/** What the panel's buttons ask for. */
export type PanelCommand =
  | 'cancel'
  | 'openOutput'
  | 'compareAttention'
  | 'copyCommandLine'
  | 'saveReport'
  | 'runAgain'
  | 'runSeeds'
  | 'cancelSeeds'
  | 'showLog';

/** A button was pressed. */
interface CommandMessage {
  readonly type: PanelMessage.Command;
  readonly command: PanelCommand;
}

/** The page about a finding code is wanted. */
interface ExplainFindingMessage {
  readonly type: PanelMessage.ExplainFinding;
  readonly code: FindingCode;
}

/** Another run is wanted, as one of the report's remedies says. */
interface TryRemedyMessage {
  readonly type: PanelMessage.TryRemedy;
  /** Position among the remedies of the report. */
  readonly remedy: number;
}

export type FromPanel = ReadyMessage | CommandMessage | ExplainFindingMessage | TryRemedyMessage;

//#endregion

/** `graphnad/purifyMarkdown`: the report of a purification as a Markdown document. */
export namespace PurifyMarkdownRequest {
  export const method = 'graphnad/purifyMarkdown';
  export interface Params {
    readonly report: PurifyReport;
    readonly seeds?: SeedReport;
  }
  export type Result = string;
}

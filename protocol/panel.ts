/** Messages between the extension host and the results panel. */

import type { JobProgress, PurifyReport } from './reports';

/** All the panel needs to draw itself; also what is kept over a reload. */
export interface PanelState {
  readonly title: string;
  readonly modelName: string;
  readonly outputName: string;
  readonly curves: NonNullable<JobProgress['curve']>[];
  readonly progress?: JobProgress;
  readonly report?: PurifyReport;
  /** Why the run ended without a report: an error or `Cancelled`. */
  readonly failure?: string;
}

export enum PanelMessage {
  // to the panel
  State = 'state',
  // from the panel
  Ready = 'ready',
  Command = 'command',
}

export interface StateMessage {
  readonly type: PanelMessage.State;
  readonly state: PanelState;
}

export interface ReadyMessage {
  readonly type: PanelMessage.Ready;
}

export type PanelCommand = 'cancel' | 'openOutput' | 'copyCommandLine' | 'saveReport' | 'runAgain';

export interface CommandMessage {
  readonly type: PanelMessage.Command;
  readonly command: PanelCommand;
}

export type ToPanel = StateMessage;
export type FromPanel = ReadyMessage | CommandMessage;

import type * as vscode from 'vscode';
import type { AttentionDiffs } from './attention/attentionDiffs';
import type { ResultsPanels } from './panel/resultsPanels';
import type { ReportDocuments } from './reportDocuments';
import type { Server } from './server';
import type { Walkthrough } from './walkthrough';

/** What commands work with. */
export interface Context {
  readonly server: Server;
  readonly log: vscode.LogOutputChannel;
  readonly panels: ResultsPanels;
  readonly reports: ReportDocuments;
  readonly attention: AttentionDiffs;
  readonly walkthrough: Walkthrough;
}

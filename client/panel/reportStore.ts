import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { PanelRun } from '../../protocol/panel';
import type { PurifyReport } from '../../protocol/reports';

/**
 * Keeps the report of the last purification into each output file. VS Code saves what a panel shows only now and then:
 * without this, a window that is reloaded right after a run would not know that it had ended.
 */
export class ReportStore {
  /** @param folder where the extension may write; made when needed */
  constructor(private readonly folder: vscode.Uri) {}

  async keep(run: PanelRun, report: PurifyReport): Promise<void> {
    await vscode.workspace.fs.writeFile(this.file(run), Buffer.from(JSON.stringify(report)));
  }

  /** The report of a run, if it ended well. */
  async find(run: PanelRun): Promise<PurifyReport | undefined> {
    try {
      const bytes = await vscode.workspace.fs.readFile(this.file(run));
      return JSON.parse(Buffer.from(bytes).toString('utf8')) as PurifyReport;
    } catch {
      return undefined; // none was kept
    }
  }

  /** To be called when a run begins: what an earlier one came to is not its report. */
  async forget(run: PanelRun): Promise<void> {
    try {
      await vscode.workspace.fs.delete(this.file(run));
    } catch {
      // There was none.
    }
  }

  private file({ outputUri }: PanelRun): vscode.Uri {
    return vscode.Uri.joinPath(this.folder, `${createHash('sha256').update(outputUri).digest('hex')}.json`);
  }
}

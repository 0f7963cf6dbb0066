import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { panelStateVersion, type PanelRun } from '../../protocol/panel';
import type { PanelOutcome } from './panelState';

/**
 * Keeps what the last purification into each output file came to. VS Code saves what a panel shows only now and then:
 * without this, a window that is reloaded right after a run would not know that it had ended.
 */
export class ReportStore {
  /** @param folder where the extension may write; made when needed */
  constructor(private readonly folder: vscode.Uri) {}

  async keep(run: PanelRun, outcome: PanelOutcome): Promise<void> {
    await vscode.workspace.fs.writeFile(this.file(run), Buffer.from(JSON.stringify(outcome)));
  }

  /** What a run came to, if it ended well. */
  async find(run: PanelRun): Promise<PanelOutcome | undefined> {
    try {
      const bytes = await vscode.workspace.fs.readFile(this.file(run));
      return JSON.parse(Buffer.from(bytes).toString('utf8')) as PanelOutcome;
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
    // An outcome of another version has another shape.
    const name = createHash('sha256').update(`${panelStateVersion} ${outputUri}`).digest('hex');
    return vscode.Uri.joinPath(this.folder, `${name}.json`);
  }
}

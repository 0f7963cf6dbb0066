import * as vscode from 'vscode';
import type { ScanReport } from '../../protocol/reports';
import type { Context } from '../context';
import { errorMessage, isCancellation } from '../errors';
import { fileName } from '../files';
import { findModelFiles } from '../modelFiles';
import { scanAllMessage } from '../messages';
import { notify } from '../notify';
import { scan } from '../scan';

/** `graphnad.scanAllModels`: scans every model file of the workspace, one after the other. */
export function scanAllModels(context: Context): () => Promise<void> {
  return async () => {
    const models = await findModelFiles();
    const reports: ScanReport[] = [];
    let failed = 0;
    const done = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: 'Scanning models', cancellable: true },
      async (progress, token) => {
        for (const [index, model] of models.entries()) {
          const message = `${fileName(model)} (${index + 1} of ${models.length})`;
          progress.report({ message, increment: index === 0 ? 0 : 100 / models.length });
          try {
            reports.push(await scan(context.server, model, { tokens: [token], progress: { report: () => undefined } }));
          } catch (error) {
            if (isCancellation(error)) return false;
            context.log.error(`${model.fsPath} could not be scanned: ${errorMessage(error)}`);
            failed += 1;
          }
        }
        return true;
      },
    );
    if (!done) return;
    void notify(scanAllMessage(reports, failed), {
      'Show Problems': () => vscode.commands.executeCommand('workbench.actions.view.problems'),
    });
  };
}

import * as vscode from 'vscode';
import type { ScanReport } from '../../protocol/reports';
import type { Context } from '../context';
import { isCancellation } from '../errors';
import { fileName } from '../files';
import { stateArchitecture } from '../manifest/stateArchitecture';
import { scanMessage } from '../messages';
import { askForModelFile, isModelFile } from '../modelFiles';
import { notify, notifyFailure, type Actions } from '../notify';
import { scan } from '../scan';
import { modelRequest } from './modelRequest';

/** `graphnad.scanModel`: scans one model, or those selected in the Explorer, and says what was found in each. */
export function scanModel(
  context: Context,
): (argument?: unknown, selected?: unknown) => Promise<ScanReport | undefined> {
  return async (argument, selected) => {
    const { uri, dataUri, token } = modelRequest(argument);
    const model = uri ?? (await askForModelFile('Scan Model for Backdoors'));
    if (model === undefined) return undefined;
    const others = (Array.isArray(selected) ? selected : []).filter(
      (other) => other instanceof vscode.Uri && isModelFile(other) && other.toString() !== model.toString(),
    ) as vscode.Uri[];
    let first: ScanReport | undefined;
    for (const file of [model, ...others]) {
      const report = await scanAndTell(context, file, dataUri, token);
      if (report === undefined) break;
      first ??= report;
    }
    return first;
  };
}

/** What can be done about a verdict, where something can. */
function remedyFor({ backdoor }: ScanReport, model: vscode.Uri): Actions {
  if (backdoor.kind === 'likely') {
    return { 'Purify...': () => vscode.commands.executeCommand('graphnad.purifyModel', model) };
  }
  if (backdoor.kind === 'not-assessed' && backdoor.assumed !== undefined) return stateArchitecture(model.toString());
  return {};
}

async function scanAndTell(
  context: Context,
  model: vscode.Uri,
  dataUri: vscode.Uri | undefined,
  token: vscode.CancellationToken | undefined,
): Promise<ScanReport | undefined> {
  const name = fileName(model);
  try {
    const report = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Scanning ${name}`, cancellable: true },
      (progress, notificationToken) =>
        scan(context.server, model, { dataUri, tokens: [notificationToken, token], progress }),
    );
    void notify(scanMessage(name, report), {
      'Show Report': () => context.reports.show(model),
      ...remedyFor(report, model),
    });
    return report;
  } catch (error) {
    if (!isCancellation(error)) notifyFailure(`${name} could not be scanned`, error, context.log);
    return undefined;
  }
}

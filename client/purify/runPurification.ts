import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { PanelRun } from '../../protocol/panel';
import type { PurifyReport } from '../../protocol/reports';
import { PurifyRequest } from '../../protocol/requests';
import { LinkedCancellation } from '../cancellation';
import type { Context } from '../context';
import { errorMessage, isCancellation, serverErrorName } from '../errors';
import { stateArchitecture } from '../manifest/stateArchitecture';
import { purifyMessage } from '../messages';
import { notify, notifyFailure, type Actions } from '../notify';
import type { ResultsPanel } from '../panel/resultsPanel';
import { ProgressBar, progressText } from '../progress';

/**
 * Purifies a model: a notification and a results panel show how it goes, both can cancel it.
 * @param overwrite the user agreed that the output file is replaced
 * @param token cancels the run, too
 * @returns nothing when it was cancelled or failed; the user was told then
 */
export async function runPurification(
  context: Context,
  run: PanelRun,
  overwrite: boolean,
  token?: vscode.CancellationToken,
): Promise<PurifyReport | undefined> {
  context.walkthrough.tick('purify');
  const panel = await context.panels.open(run);
  const { modelName } = panel.state;
  try {
    const report = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Purifying ${modelName}`, cancellable: true },
      (progress, notificationToken) => request(context, run, overwrite, panel, progress, [notificationToken, token]),
    );
    await context.panels.finish(panel, report);
    context.walkthrough.tick('results');
    void notify(purifyMessage(report), { 'Open Panel': () => context.panels.reveal(panel) });
    return report;
  } catch (error) {
    if (isCancellation(error)) {
      panel.showFailure({ kind: 'cancelled', message: 'Cancelled. Nothing was written.' });
    } else {
      panel.showFailure({ kind: 'error', message: errorMessage(error) });
      notifyFailure(`${modelName} could not be purified`, error, context.log, remediesFor(error, run.modelUri));
    }
    return undefined;
  }
}

/** What can be done about a failure, where something can. */
function remediesFor(error: unknown, model: string): Actions {
  return serverErrorName(error) === 'UnsettledArchitectureError' ? stateArchitecture(model) : {};
}

async function request(
  { server }: Context,
  run: PanelRun,
  overwrite: boolean,
  panel: ResultsPanel,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
  tokens: readonly (vscode.CancellationToken | undefined)[],
): Promise<PurifyReport> {
  const jobId = randomUUID();
  const bar = new ProgressBar();
  const cancellation = new LinkedCancellation(tokens);
  const subscriptions = [
    cancellation,
    server.onDidReportJob((job) => {
      if (job.jobId !== jobId) return;
      panel.showProgress(job.progress);
      progress.report({ message: progressText(job.progress), increment: bar.increment(job.progress.fraction) });
    }),
    panel.onCommand((command) => {
      if (command === 'cancel') cancellation.cancel();
    }),
  ];
  const params: PurifyRequest.Params = {
    uri: run.modelUri,
    dataUri: run.dataUri,
    features: run.features,
    holdingRate: run.holdingRate,
    options: run.options,
    outputUri: run.outputUri,
    overwrite,
    seed: run.seed,
    jobId,
  };
  try {
    return await server.request<PurifyRequest.Result>(PurifyRequest.method, params, { token: cancellation.token });
  } finally {
    subscriptions.forEach((subscription) => void subscription.dispose());
  }
}

import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { seedsInAll } from '../../protocol/panel';
import type { PurifyReport } from '../../protocol/reports';
import { PurifySeedsRequest, type SeedReport } from '../../protocol/seeds';
import { LinkedCancellation } from '../cancellation';
import type { Context } from '../context';
import { errorMessage, isCancellation } from '../errors';
import { notifyFailure } from '../notify';
import type { ResultsPanel } from '../panel/resultsPanel';
import { ProgressBar, progressText, secondsLeft } from '../progress';

/** Runs a panel's purification with further seeds; the panel and a notification show how it goes, both can cancel it. */
export async function runSeeds(context: Context, panel: ResultsPanel, report: PurifyReport): Promise<void> {
  const { modelName, seeds: before } = panel.state;
  // A second click, before the button was gone.
  if (before !== undefined && before.report === undefined && before.failure === undefined) return;
  panel.showSeeds({});
  try {
    const title = `Purifying ${modelName} with ${seedsInAll} seeds`;
    const seeds = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (progress, token) => request(context, panel, report, progress, token),
    );
    await context.panels.finishSeeds(panel, seeds);
  } catch (error) {
    if (isCancellation(error)) {
      panel.showSeeds({ failure: { kind: 'cancelled', message: 'Cancelled. The result above stands.' } });
    } else {
      panel.showSeeds({ failure: { kind: 'error', message: errorMessage(error) } });
      notifyFailure(`${modelName} could not be purified with other seeds`, error, context.log);
    }
  }
}

async function request(
  { server }: Context,
  panel: ResultsPanel,
  { sha256, stages, verdict, settings }: PurifyReport,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
  token: vscode.CancellationToken,
): Promise<SeedReport> {
  const jobId = randomUUID();
  const begun = Date.now();
  const bar = new ProgressBar();
  const cancellation = new LinkedCancellation([token]);
  const subscriptions = [
    cancellation,
    server.onDidReportJob((job) => {
      if (job.jobId !== jobId) return;
      const { fraction } = job.progress;
      panel.showSeeds({ progress: job.progress, secondsLeft: secondsLeft(fraction, Date.now() - begun) });
      progress.report({ message: progressText(job.progress), increment: bar.increment(fraction) });
    }),
    panel.onCommand((command) => {
      if (command === 'cancelSeeds') cancellation.cancel();
    }),
  ];
  const { modelUri, dataUri, outputUri, holdingRate, options } = panel.state.run;
  const params: PurifySeedsRequest.Params = {
    run: { uri: modelUri, dataUri, outputUri, features: settings.features, holdingRate, options },
    first: { sha256, stages, verdict, settings },
    seeds: Array.from({ length: seedsInAll - 1 }, (_, i) => (settings.seed + i + 1) % 2 ** 32),
    jobId,
  };
  try {
    return await server.request<SeedReport>(PurifySeedsRequest.method, params, { token: cancellation.token });
  } finally {
    subscriptions.forEach((subscription) => void subscription.dispose());
  }
}

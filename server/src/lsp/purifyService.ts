import path from 'node:path';
import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { JobProgress, PurifyReport } from '../../../protocol/reports';
import { JobProgressNotification, type PurifyParams } from '../../../protocol/requests';
import type { JobExecutor } from '../jobs/executor';
import { purifiedWithOf } from '../jobs/purifiedWith';
import { purifyOutputs } from '../jobs/purifyOutputs';
import { runJob } from '../jobs/workerTasks';
import { removePartials } from '../jobs/writeWhole';
import { abortSignal } from './cancellation';
import type { Manifests } from './manifest/manifests';
import { purifyJob } from './purifyJob';
import type { ScanService } from './scanService';
import type { SettingsStore } from './settings';
import type { Status } from './status';
import type { WorkspaceTrust } from './trust';
import { unheard } from './unheard';
import { showWork } from './workDone';

export interface PurifyTools {
  readonly connection: Connection;
  readonly settings: SettingsStore;
  readonly manifests: Manifests;
  readonly executor: JobExecutor;
  readonly status: Status;
  readonly scans: ScanService;
  readonly trust: WorkspaceTrust;
}

/**
 * Purifies a model file into a new one and tells how it goes. What the client leaves open is taken from the settings.
 *
 * @throws ResponseError where the workspace is not trusted, JobError (an unreadable model, unfit data, a refused output, ...), WorkerCrashedError, JobCancelledError
 */
export async function purify(
  tools: PurifyTools,
  params: PurifyParams,
  token: CancellationToken,
): Promise<PurifyReport> {
  const { connection, executor, scans, trust } = tools;
  trust.require('Purifying a model');
  const task = await purifyJob(tools, params);
  const { model, output } = task;

  return showWork(tools, `Purifying ${path.basename(model)}`, params.workDoneToken, async (shown) => {
    const progress = (value: JobProgress): void => {
      shown.report(value);
      const step: JobProgressNotification.Params = { jobId: params.jobId, progress: value };
      unheard(connection.sendNotification(JobProgressNotification.method, step));
    };
    try {
      const signal = abortSignal(token, shown.token);
      const report = await runJob(executor, task, { priority: 'user', signal, progress });
      const { data, features } = task;
      const { outputSha256: sha256, findings, receipt } = report;
      const purifiedWith = purifiedWithOf(receipt);
      await scans.purifiedModel(output, { sha256, findings, data, features, purifiedWith });
      return report;
    } catch (error) {
      // A worker that was killed could not clear up after itself.
      for (const file of await purifyOutputs(task)) await removePartials(file);
      throw error;
    }
  });
}

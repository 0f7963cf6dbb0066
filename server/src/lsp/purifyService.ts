import path from 'node:path';
import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { JobProgress, PurifyReport } from '../../../protocol/reports';
import { JobProgressNotification, type PurifyParams } from '../../../protocol/requests';
import type { WorkerPool } from '../jobs/pool';
import { runJob } from '../jobs/workerTasks';
import { removePartials } from '../jobs/writeWhole';
import { abortSignal } from './cancellation';
import { toPath } from './fileUri';
import type { ScanService } from './scanService';
import type { SettingsStore } from './settings';
import type { Status } from './status';
import { unheard } from './unheard';
import { beginWorkDone } from './workDone';

export interface PurifyTools {
  readonly connection: Connection;
  readonly settings: SettingsStore;
  readonly pool: WorkerPool;
  readonly status: Status;
  readonly scans: ScanService;
}

/**
 * Purifies a model file into a new one and tells how it goes. What the client leaves open is taken from the settings.
 *
 * @throws JobError (an unreadable model, unfit data, a refused output, ...), WorkerCrashedError, JobCancelledError
 */
export async function purify(
  tools: PurifyTools,
  params: PurifyParams,
  token: CancellationToken,
): Promise<PurifyReport> {
  const { connection, settings, pool, status, scans } = tools;
  const model = toPath(params.uri);
  const output = toPath(params.outputUri);
  const { purify: defaults, seed, backend } = await settings.get(params.uri);
  const task = {
    kind: 'purify',
    model,
    data: toPath(params.dataUri),
    output,
    overwrite: params.overwrite,
    features: params.features,
    holdingRate: params.holdingRate ?? defaults.holdingRate,
    seed: params.seed ?? seed,
    backend,
  } as const;

  const title = `Purifying ${path.basename(model)}`;
  const workDone = await beginWorkDone(connection, title, params.workDoneToken);
  const activity = status.begin(title, true);
  const progress = (value: JobProgress): void => {
    workDone.report(value);
    activity.progress(value.fraction);
    const step: JobProgressNotification.Params = { jobId: params.jobId, progress: value };
    unheard(connection.sendNotification(JobProgressNotification.method, step));
  };
  try {
    const report = await runJob(pool, task, { priority: 'user', signal: abortSignal(token, workDone.token), progress });
    const { data, features } = task;
    scans.purifiedModel(output, { sha256: report.outputSha256, findings: report.findings, data, features });
    return report;
  } catch (error) {
    // A worker that was killed could not clear up after itself.
    await removePartials(output);
    throw error;
  } finally {
    workDone.done();
    activity.done();
  }
}

import type { ConvertReport, ModelInspection, TensorStatisticsRequest } from '../../../protocol/inspector';
import type { AttentionResult, AttentionTask } from './attentionTask';
import type { BackendInUse, CheckBackendTask } from './checkBackend';
import type { ConvertTask } from './convertTask';
import type { JobExecutor, RunOptions } from './executor';
import type { DataFit, FitDataTask } from './fitData';
import type { GridTask, GridTaskResult } from './grid/gridTask';
import type { HashTask } from './hashFile';
import type { StatisticsTask } from './inspectStatistics';
import type { InspectTask } from './inspectTask';
import type { Task, TaskResult } from './tasks';

/** Everything a worker process does. */
export type WorkerTask = Task | AttentionTask | FitDataTask | CheckBackendTask | GridTask | InspectorTask;
type InspectorTask = InspectTask | StatisticsTask | HashTask | ConvertTask;
export type WorkerResult<T extends WorkerTask> = T extends Task
  ? TaskResult<T>
  : OtherResults[Exclude<T, Task>['kind']];

/** What comes out of the jobs that neither scan nor purify. */
interface OtherResults {
  readonly attention: AttentionResult;
  readonly 'check-backend': BackendInUse;
  readonly convert: ConvertReport;
  readonly 'fit-data': DataFit;
  readonly grid: GridTaskResult;
  readonly hash: string;
  readonly inspect: ModelInspection;
  readonly 'tensor-statistics': TensorStatisticsRequest.Result;
}

/** Does a job; see `JobExecutor.run` for what it throws. */
export function runJob<T extends WorkerTask>(
  executor: JobExecutor,
  task: T,
  options?: RunOptions,
): Promise<WorkerResult<T>> {
  return executor.run(task, options) as Promise<WorkerResult<T>>;
}

import type { JobCache, RepeatableTask, ThroughOptions } from '../jobs/cache/jobCache';
import type { JobExecutor, RunOptions } from '../jobs/executor';
import { runJob, type WorkerResult } from '../jobs/workerTasks';

export interface JobTools {
  readonly executor: JobExecutor;
  readonly cache: JobCache;
}

/** Takes the result of a job from earlier sessions, or has it done; see `JobExecutor.run` for what it throws. */
export function repeatJob<T extends RepeatableTask>(
  { executor, cache }: JobTools,
  task: T,
  options: RunOptions & ThroughOptions,
): Promise<WorkerResult<T>> {
  return cache.through(task, () => runJob(executor, task, options), options);
}

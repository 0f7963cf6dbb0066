import type { JobCache, RepeatableTask, ThroughOptions } from '../jobs/cache/jobCache';
import type { RunOptions, WorkerPool } from '../jobs/pool';
import { runJob, type WorkerResult } from '../jobs/workerTasks';

export interface JobTools {
  readonly pool: WorkerPool;
  readonly cache: JobCache;
}

/** Takes the result of a job from earlier sessions, or has a worker do it; see `WorkerPool.run` for what it throws. */
export function repeatJob<T extends RepeatableTask>(
  { pool, cache }: JobTools,
  task: T,
  options: RunOptions & ThroughOptions,
): Promise<WorkerResult<T>> {
  return cache.through(task, () => runJob(pool, task, options), options);
}

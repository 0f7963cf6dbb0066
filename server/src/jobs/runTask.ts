import { purifyModel } from './purifyTask';
import { scanModel } from './scanTask';
import type { JobContext, Task, TaskResult } from './tasks';

/** Does one job in this process; see the two jobs for what they throw. */
export function runTask<T extends Task>(task: T, context: JobContext): Promise<TaskResult<T>>;
export function runTask(task: Task, context: JobContext): Promise<TaskResult<Task>> {
  return task.kind === 'scan' ? scanModel(task, context) : purifyModel(task, context);
}

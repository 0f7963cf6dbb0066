/** The product's worker, but that it goes down with models of certain names, and takes its time with others. */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runTask } from '../../server/src/jobs/runTask';
import { serveJobs } from '../../server/src/jobs/serveJobs';
import type { Task } from '../../server/src/jobs/tasks';

serveJobs<Task>(async (task, context) => {
  const name = path.basename(task.model);
  if (name.startsWith('crash')) {
    process.stderr.write('this model is too much\n');
    process.exit(7);
  }
  if (name.startsWith('killed')) process.kill(process.pid, 'SIGKILL');
  if (name.startsWith('slow')) {
    context.progress({ stage: 'Slow', stageIndex: 0, stageCount: 1, fraction: 0.5 });
    await delay(60_000, undefined, { signal: context.signal });
  }
  return runTask(task, context);
});

import { compareAttention } from './jobs/attentionTask';
import { checkBackend } from './jobs/checkBackend';
import { exitWithParent } from './jobs/exitWithParent';
import { fitData } from './jobs/fitData';
import { runGridTask } from './jobs/grid/gridTask';
import { runTask } from './jobs/runTask';
import { serveJobs } from './jobs/serveJobs';
import type { WorkerTask } from './jobs/workerTasks';

exitWithParent();
serveJobs<WorkerTask>((task, context) => {
  switch (task.kind) {
    case 'fit-data':
      return fitData(task);
    case 'check-backend':
      return checkBackend(task);
    case 'attention':
      return compareAttention(task, context);
    case 'grid':
      return runGridTask(task, context);
    default:
      return runTask(task, context);
  }
});

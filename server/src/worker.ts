import { exitWithParent } from './jobs/exitWithParent';
import { fitData } from './jobs/fitData';
import { runTask } from './jobs/runTask';
import { serveJobs } from './jobs/serveJobs';
import type { WorkerTask } from './jobs/workerTasks';

exitWithParent();
serveJobs<WorkerTask>((task, context) => (task.kind === 'fit-data' ? fitData(task) : runTask(task, context)));

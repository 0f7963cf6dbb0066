import { compareAttention } from './jobs/attentionTask';
import { checkBackend } from './jobs/checkBackend';
import { convertToSafetensors } from './jobs/convertTask';
import { exitWithParent } from './jobs/exitWithParent';
import { fitData } from './jobs/fitData';
import { runGridTask } from './jobs/grid/gridTask';
import { hashFile } from './jobs/hashFile';
import { tensorStatistics } from './jobs/inspectStatistics';
import { inspectModel } from './jobs/inspectTask';
import { runTask } from './jobs/runTask';
import { serveJobs } from './jobs/serveJobs';
import type { WorkerTask } from './jobs/workerTasks';

exitWithParent(Number(process.argv[2]));
// Ctrl-C reaches all processes of a terminal: what becomes of a job is for the parent to say, which may give it back.
process.on('SIGINT', () => undefined);
serveJobs<WorkerTask>((task, context) => {
  switch (task.kind) {
    case 'fit-data':
      return fitData(task);
    case 'check-backend':
      return checkBackend(task);
    case 'attention':
      return compareAttention(task, context);
    case 'inspect':
      return inspectModel(task);
    case 'tensor-statistics':
      return tensorStatistics(task, context);
    case 'hash':
      return hashFile(task.model, context.signal);
    case 'convert':
      return convertToSafetensors(task, context);
    case 'grid':
      return runGridTask(task, context);
    default:
      return runTask(task, context);
  }
});

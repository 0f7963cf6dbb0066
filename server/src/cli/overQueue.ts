/** What of the command line speaks to a queue; see `loadQueue.ts`. */
export { JobWorker } from '../jobs/remote/jobWorker';
export { RunControl } from '../jobs/remote/runControl';
export { openQueuedRun } from './queuedRun';

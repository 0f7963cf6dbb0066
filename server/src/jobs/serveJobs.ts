import type { JobProgress } from '../../../protocol/reports';
import { errorData, type FromWorker, type ToWorker } from './messages';
import { limitThreads } from '../tensor/threads';
import type { JobContext } from './tasks';
import { throttled } from './throttled';

/** Least time between two progress messages that only move a bar. */
const progressInterval = 100;

/**
 * The worker's side of the pool: runs the jobs that the parent process sends, and answers with progress, a result or an
 * error. Ends this process when the parent goes.
 */
export function serveJobs<Task>(run: (task: Task, context: JobContext) => Promise<unknown>): void {
  const running = new Map<number, AbortController>();

  const start = async (job: number, task: Task): Promise<void> => {
    const controller = new AbortController();
    running.set(job, controller);
    try {
      const progress = throttled((value) => send({ type: 'progress', job, progress: value }), progressInterval, isNews);
      const result = await run(task, { signal: controller.signal, progress });
      send({ type: 'result', job, result });
    } catch (error) {
      send({ type: 'error', job, error: errorData(error) });
    } finally {
      running.delete(job);
    }
  };

  process.on('message', (message: ToWorker<Task>) => {
    switch (message.type) {
      case 'run':
        void start(message.job, message.task);
        break;
      case 'cancel':
        running.get(message.job)?.abort();
        break;
      case 'threads':
        limitThreads(message.threads);
    }
  });
  process.on('disconnect', () => process.exit(1));
}

function send(message: FromWorker): void {
  if (!process.connected) return;
  process.send?.(message, undefined, undefined, () => {
    // The parent has gone: `disconnect` follows and ends this process.
  });
}

/** A point of a curve, or the end. */
function isNews({ curve, fraction }: JobProgress): boolean {
  return curve !== undefined || fraction >= 1;
}

import type { JobProgress } from '../../../protocol/reports';
import { errorData, type FromWorker, type ToWorker } from './messages';
import { limitThreads } from '../tensor/threads';
import type { JobContext } from './tasks';

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
      const progress = throttled((value) => send({ type: 'progress', job, progress: value }));
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

/** Lets through what carries news (a stage, a point of a curve, the end), and of the rest no more than ten a second. */
function throttled(report: (progress: JobProgress) => void): (progress: JobProgress) => void {
  let last = -Infinity;
  let stage: string | undefined;
  return (progress) => {
    const news = progress.stage !== stage || progress.curve !== undefined || progress.fraction >= 1;
    const now = performance.now();
    if (!news && now - last < progressInterval) return;
    last = now;
    stage = progress.stage;
    report(progress);
  };
}

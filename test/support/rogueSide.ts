/** A side thread that never opens, fails to fine-tune, and dies of everything else. */
import { parentPort } from 'node:worker_threads';
import type { ToSide } from '../../server/src/jobs/side/sideTasks';

parentPort?.on('message', ({ id, task }: ToSide) => {
  if (task.kind === 'open') return;
  if (task.kind !== 'fine-tune') throw new Error('it died');
  parentPort?.postMessage({ id, type: 'failure', reason: 'it does not want to' });
});

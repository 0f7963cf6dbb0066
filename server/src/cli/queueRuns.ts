import { programId } from '../jobs/cache/programId';
import type { RunControl } from '../jobs/remote/runControl';
import { loadQueue } from './loadQueue';
import { shownQueue, type QueueChoice } from './queueOptions';

/**
 * Looks at the runs of a queue.
 *
 * @throws QueueError
 */
export async function withRuns<R>({ address }: QueueChoice, use: (runs: RunControl) => Promise<R>): Promise<R> {
  const runs = await loadQueue().RunControl.connect(address, await programId(__dirname));
  return use(runs).finally(() => runs.close());
}

/** What to say of a name that no run has. */
export function noSuchRun(name: string, { address }: QueueChoice): string {
  const queue = shownQueue(address);
  return `graphnad: there is no run called ${name} (any more); graphnad runs --queue ${queue} lists those there are`;
}

import type { JobExecutor } from '../jobs/executor';
import { exitCode } from './exitCodes';
import { jobLog, wasLeft } from './jobFailures';
import { loadQueue } from './loadQueue';
import { say } from './output';
import { shownQueue, type QueueChoice } from './queueOptions';
import { within } from './within';

/** How long it may take to let go of a queue, in milliseconds: it may not answer. */
const closeLimit = 3_000;

interface ExecutorOptions {
  /** Where jobs are done; by processes of this machine where there is no queue. */
  readonly queue: QueueChoice | undefined;
  /** Command line without the program's name and the options of the run, by which it can be come back to. */
  readonly command: readonly string[];
  readonly local: () => JobExecutor;
  readonly signal: AbortSignal;
}

/**
 * Gives a command what does its jobs, and ends that with it.
 *
 * @param use @returns the exit code
 * @returns its exit code, or what says that the run was left
 * @throws what `use` throws, and QueueError
 */
export async function withExecutor(
  { queue, command, local, signal }: ExecutorOptions,
  use: (executor: JobExecutor, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  if (queue === undefined) {
    const executor = local();
    return use(executor, signal).finally(() => executor.dispose());
  }
  const run = await loadQueue().openQueuedRun(queue, command, signal);
  if (!queue.detach && queue.name === undefined) say(`graphnad: this run is called ${run.name}`);
  try {
    return await use(run.executor, run.signal);
  } catch (error) {
    if (!wasLeft(error)) {
      jobLog(error).forEach(say);
      throw error;
    }
    const there = `${run.name} --queue ${shownQueue(queue.address)}`;
    say(`graphnad: the run ${run.name} goes on without this process`);
    say(`  graphnad attach ${there}   waits for it, and prints what came of it`);
    say(`  graphnad cancel ${there}   ends it`);
    return signal.aborted ? exitCode.interrupted : exitCode.ok;
  } finally {
    await within(closeLimit, run.close());
  }
}

import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import process from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import { programId } from '../jobs/cache/programId';
import type { OnConnection } from '../jobs/remote/connection';
import { RunLeftError } from '../jobs/remote/jobEnds';
import { RemoteExecutor, type QueueStatus } from '../jobs/remote/remoteExecutor';
import type { RunRecord } from '../jobs/remote/runBook';
import { RunControl } from '../jobs/remote/runControl';
import { visible } from '../report/visible';
import { UsageError } from './arguments';
import { commandText } from './commandText';
import { say } from './output';
import { noteRun } from './ownRuns';
import { shownQueue, type QueueChoice } from './queueOptions';
import { troubleTeller } from './troubleTeller';

/** How often it is looked whether there are workers, in milliseconds. */
const lookInterval = 10_000;

/** A run whose jobs are done by the workers of a queue. */
export interface QueuedRun {
  readonly name: string;
  readonly executor: RemoteExecutor;
  /** Aborted when the run is left: what waits for jobs need not ask for more. */
  readonly signal: AbortSignal;
  close(): Promise<void>;
}

/**
 * Begins a run, or comes back to the one of its name.
 *
 * @param command command line without the program's name and the options of the queue
 * @param signal leaves the run: its jobs go on
 * @throws QueueError; UsageError where another run has that name
 */
export async function openQueuedRun(
  choice: QueueChoice,
  command: readonly string[],
  signal: AbortSignal,
): Promise<QueuedRun> {
  const { address, detach, shared, retry } = choice;
  const name = choice.name ?? newName(command[0]);
  const program = await programId(__dirname);
  const record = { command, folder: process.cwd(), host: hostname() };
  await begin(choice, name, record, program);
  await noteRun({ queue: shownQueue(address), name, command, folder: record.folder }).catch((error: Error) => {
    say(`graphnad: to come back to this run, give the same command again: attach will not know it (${error.message})`);
  });
  const tell = troubleTeller();
  const executor = await RemoteExecutor.connect({
    ...{ address, program, run: name, shared, detach, retry, onConnection: tell },
  });
  const left = new AbortController();
  let leaving: Promise<void> | undefined;
  const leave = (): void => {
    // First the executor, which would take an end of its jobs for their cancellation.
    leaving = executor.leave();
    left.abort(new RunLeftError(name));
  };
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  const looking = detach ? undefined : watchWorkers(executor, shownQueue(address), tell);
  return {
    ...{ name, executor, signal: left.signal },
    async close() {
      clearInterval(looking);
      signal.removeEventListener('abort', leave);
      await (leaving ?? executor.dispose());
    },
  };
}

/** Such as `scan-20260131-170500-3fa9`: machines that begin at the same time have different ones. */
function newName(command: string): string {
  const [day, time] = new Date().toISOString().split(/[T.]/);
  return [command, day.replaceAll('-', ''), time.replaceAll(':', ''), randomBytes(2).toString('hex')].join('-');
}

async function begin(
  { address }: QueueChoice,
  name: string,
  record: Omit<RunRecord, 'begun'>,
  program: string | undefined,
): Promise<void> {
  const control = await RunControl.connect(address, program);
  try {
    const known = await control.record(name);
    const same = isDeepStrictEqual([known?.command, known?.folder], [record.command, record.folder]);
    if (known !== undefined && !same)
      throw new UsageError(
        `there is another run called ${name}: ${commandText(known.command)}, in ${visible(known.folder)}; give this one another name`,
      );
    await control.begin(name, record);
  } finally {
    await control.close();
  }
}

/** Says when nobody is there to do the jobs, when somebody is again, and what keeps workers from it. */
function watchWorkers(executor: RemoteExecutor, queue: string, tell: OnConnection): NodeJS.Timeout {
  let latest: string | undefined;
  let known: readonly string[] = [];
  let wasFull = false;
  const look = async (): Promise<void> => {
    const status = await executor.status();
    if (status.trouble !== undefined || wasFull) tell(status.trouble ?? '');
    wasFull = status.trouble !== undefined;
    // Where it takes nothing, workers cannot say that they are there.
    if (wasFull) return;
    const text = absenceOf(status, queue);
    if (text !== latest) say(`graphnad: ${text ?? 'there are workers again'}`);
    latest = text;
    const news = status.troubles.filter((trouble) => !known.includes(trouble));
    for (const trouble of news) say(`graphnad: a worker takes no jobs: ${visible(trouble)}`);
    known = status.troubles;
  };
  // Where the connection is lost, that is told elsewhere.
  const begin = (): void => void look().catch(() => undefined);
  begin();
  return setInterval(begin, lookInterval).unref();
}

/** What to say where no worker does the jobs; undefined where one does. */
export function absenceOf(
  { workers, otherWorkers }: Pick<QueueStatus, 'workers' | 'otherWorkers'>,
  queue: string,
): string | undefined {
  if (workers > 0) return undefined;
  const others =
    otherWorkers === 0
      ? 'no worker serves the queue'
      : `no worker of this version serves the queue, ${otherWorkers} of other versions do`;
  return `${others}; jobs wait for one: graphnad worker --queue ${queue}`;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { programId } from '../jobs/cache/programId';
import type { JobWorkerEvent } from '../jobs/remote/begunJob';
import { visible } from '../report/visible';
import { askedThreads, parseArguments, pathOption, smallNumber, texts, type Options } from './arguments';
import { localExecutor, poolSize } from './executor';
import { exitCode } from './exitCodes';
import { loadQueue } from './loadQueue';
import { say } from './output';
import { requiredQueue, shownQueue } from './queueOptions';
import { troubleTeller } from './troubleTeller';
import { within } from './within';

export const workerHelp = `graphnad worker --queue URL [options]
  Does jobs of a queue (Redis or Valkey) until it is stopped: what graphnad scan, purify and bench ask for with --queue.

  --queue URL        redis://[USER@]HOST:PORT, or rediss:// for TLS. The password may come from the environment variable
                     GRAPHNAD_QUEUE_PASSWORD
  --concurrency N    jobs at the same time, each by a process of its own; default: one a core, as far as memory allows
  --threads N        threads of each; default 0: the cores are divided among those that run
  --folder DIR       jobs may read files in this folder where they lie; may be given several times. Without it they read
                     what comes through the queue and nothing else
  --patience N       after so many seconds without a word from this worker, others do its jobs; default 30
  --cache DIR        keeps what came through the queue there, 4 GB at most; default: a temporary folder that goes with the
                     worker

  Ctrl-C gives jobs back that it has begun; another worker does them. It does jobs of the same version of the program
  alone.`;

/** How long it may take to give jobs back, in milliseconds: the queue may not answer. */
const closeLimit = 10_000;

const word = { type: 'string' } as const;
const options: Options = {
  ...{ queue: word, concurrency: word, threads: word, cache: word, patience: word },
  folder: { type: 'string', multiple: true },
};

/** `graphnad worker`. The signal stops it. */
export async function worker(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const args = parseArguments(argv, options, { min: 0, max: 0, what: '' });
  const threads = askedThreads(args);
  const size = poolSize({ jobs: smallNumber(args, 'concurrency'), threads });
  const patience = smallNumber(args, 'patience');
  const { address } = requiredQueue({ ...args, values: { queue: args.values.queue } });
  const folders = texts(args, 'folder').map((folder) => path.resolve(folder));
  const own = pathOption(args, 'cache');
  const scratch = own ?? (await mkdtemp(path.join(tmpdir(), 'graphnad-worker-')));
  const executor = localExecutor({ size, threads });
  try {
    const running = await loadQueue().JobWorker.start({
      ...{ address, program: await programId(__dirname), executor, concurrency: size, folders, scratch, patience },
      onEvent: (event) => sayEvent(event),
      onConnection: troubleTeller(),
    });
    say(`graphnad: does jobs of ${shownQueue(address)}, ${size} at a time; Ctrl-C stops it`);
    await stopped(signal);
    await within(closeLimit, running.close());
    return exitCode.ok;
  } finally {
    await executor.dispose();
    if (own === undefined) await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Resolves when the process is to end. */
async function stopped(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await delay(2 ** 30, undefined, { signal }).catch(() => undefined);
}

function sayEvent({ what, job, kind = 'job', reason }: JobWorkerEvent): void {
  if (what === 'started') return;
  const [, time] = new Date().toISOString().split(/[T.]/);
  const text = `${time} ${kind} ${job.slice(0, 12)} ${what}`;
  say(visible(reason === undefined ? text : `${text}: ${reason}`));
}

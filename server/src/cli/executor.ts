import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { JobExecutor } from '../jobs/executor';
import { defaultPoolSize, WorkerPool } from '../jobs/pool';
import { WorkerCrashedError } from '../jobs/workerProcess';

interface LocalOptions {
  /** Jobs that run at the same time. */
  readonly size: number;
  /** Threads of each; 0 divides the cores among those that run. */
  readonly threads: number;
}

/** Does jobs in processes of their own on this machine. */
export function localExecutor({ size, threads }: LocalOptions): JobExecutor {
  return new WorkerPool({ ...workerProgram(), size, threads });
}

/**
 * How many jobs run at the same time: as many as somebody asks for, else one a core, or fewer where each has several
 * threads, as far as the memory allows.
 *
 * @param threads of each; 0 where nobody asked for a number
 */
export function poolSize({ jobs, threads }: { readonly jobs: number | undefined; readonly threads: number }): number {
  if (jobs !== undefined) return jobs;
  const places = Math.floor(availableParallelism() / Math.max(1, threads));
  return Math.max(1, Math.min(places, defaultPoolSize(availableParallelism() + 1)));
}

/**
 * Does a job that ended its process a second time: memory may have been short for a moment. One that does so again is
 * at fault itself.
 */
export function withSecondTry(executor: JobExecutor): JobExecutor {
  return {
    get places() {
      return executor.places;
    },
    run: (task, options) =>
      executor.run(task, options).catch((error: unknown) => {
        if (!(error instanceof WorkerCrashedError)) throw error;
        return executor.run(task, options);
      }),
    dispose: () => executor.dispose(),
  };
}

/** What a worker process runs: the build, or, where this runs from its sources, the sources in the same way. */
function workerProgram(): { readonly script: string; readonly execArgv?: readonly string[] } {
  const built = path.join(__dirname, 'worker.js');
  if (existsSync(built)) return { script: built };
  const execArgv = process.execArgv.filter((option) => !option.startsWith('--inspect'));
  return { script: path.resolve(__dirname, '../worker.ts'), execArgv };
}

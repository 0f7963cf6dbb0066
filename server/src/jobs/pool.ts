import { availableParallelism, totalmem } from 'node:os';
import type { JobProgress } from '../../../protocol/reports';
import { defaultThreads } from '../tensor/threads';
import { JobQueue, type Priority } from './queue';
import { JobCancelledError, WorkerProcess, type WorkerProcessOptions } from './workerProcess';

export interface PoolOptions extends Partial<WorkerProcessOptions> {
  readonly script: string;
  /** Jobs that run at the same time; urgent ones may take one or two places more. Default {@link defaultPoolSize}. */
  readonly size?: number;
  /** Threads of each job; 0, the default, divides the cores among the jobs that run. */
  readonly threads?: number;
  /** Cores of this machine. */
  readonly cores?: number;
  /** After this time without a job a worker is let go, in milliseconds. Default 60,000. */
  readonly idle?: number;
  /** Hears of every worker process that is started. */
  readonly onStart?: (processId: number) => void;
}

export interface RunOptions {
  /** Default `background`. */
  readonly priority?: Priority;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: JobProgress) => void;
}

interface Job {
  readonly task: unknown;
  readonly options: RunOptions;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Runs jobs in child processes that may be cancelled or die without harm to anybody else. Workers start when they are
 * first needed, are used again, and never outlive this process.
 */
export class WorkerPool {
  private readonly queue = new JobQueue<Job>();
  private readonly idle = new Map<WorkerProcess, NodeJS.Timeout>();
  private readonly workers = new Set<WorkerProcess>();
  private readonly busy = new Set<WorkerProcess>();
  private size: number;
  private threads: number;
  private disposed = false;
  private readonly killAll = (): void => this.workers.forEach((worker) => worker.kill());

  constructor(private readonly options: PoolOptions) {
    this.size = options.size ?? defaultPoolSize();
    this.threads = options.threads ?? 0;
    process.once('exit', this.killAll);
  }

  /** Jobs that run or wait. */
  get pending(): number {
    return this.busy.size + this.queue.length;
  }

  /** Ids of the worker processes. */
  get processIds(): number[] {
    return [...this.workers].map(({ pid }) => pid).filter((pid) => pid !== undefined);
  }

  /**
   * Runs a job when its turn comes.
   *
   * @returns what the worker answered
   * @throws JobError what the job threw; JobCancelledError by `signal` or `dispose`; WorkerCrashedError
   */
  run(task: unknown, options: RunOptions = {}): Promise<unknown> {
    const { signal, priority = 'background' } = options;
    if (this.disposed || signal?.aborted) return Promise.reject(new JobCancelledError());
    return new Promise((resolve, reject) => {
      const job: Job = { task, options, resolve, reject };
      signal?.addEventListener('abort', () => this.queue.remove(job) && reject(new JobCancelledError()), {
        once: true,
      });
      this.queue.push(job, priority);
      this.startWaiting();
    });
  }

  /** Changes how many jobs run at the same time, and on how many threads each; those that run go on. */
  resize(size: number = defaultPoolSize(), threads = 0): void {
    this.size = size;
    this.threads = threads;
    this.startWaiting();
    this.divideCores();
  }

  /** Cancels everything and ends every worker. Resolves when no process is left. */
  async dispose(): Promise<void> {
    this.disposed = true;
    for (const job of this.queue.clear()) job.reject(new JobCancelledError());
    this.idle.forEach(clearTimeout);
    await Promise.all([...this.workers].map((worker) => worker.stop()));
    process.removeListener('exit', this.killAll);
  }

  private startWaiting(): void {
    for (let job = this.queue.take(this.busy.size, this.size); job; job = this.queue.take(this.busy.size, this.size)) {
      void this.start(job);
    }
  }

  private async start(job: Job): Promise<void> {
    try {
      const worker = this.takeWorker();
      this.busy.add(worker);
      this.divideCores();
      try {
        job.resolve(await worker.run(job.task, job.options.signal, job.options.progress));
      } finally {
        this.busy.delete(worker);
        this.giveBack(worker);
      }
    } catch (error) {
      job.reject(error instanceof Error ? error : new Error(String(error)));
    } finally {
      if (!this.disposed) {
        this.startWaiting();
        this.divideCores();
      }
    }
  }

  /** Jobs together should not have more threads than there are cores: each gets its part, and more when others end. */
  private divideCores(): void {
    const threads = this.threads || defaultThreads(this.busy.size, this.options.cores);
    for (const worker of this.busy) worker.limitThreads(threads);
  }

  private takeWorker(): WorkerProcess {
    for (const [worker, timer] of this.idle) {
      clearTimeout(timer);
      this.idle.delete(worker);
      if (worker.alive) return worker;
      this.workers.delete(worker);
    }
    const { script, execArgv, grace = 2000 } = this.options;
    const worker = new WorkerProcess({ script, execArgv, grace });
    this.workers.add(worker);
    if (worker.pid !== undefined) this.options.onStart?.(worker.pid);
    return worker;
  }

  private giveBack(worker: WorkerProcess): void {
    if (!worker.alive) this.workers.delete(worker);
    else if (!this.disposed) {
      const timer = setTimeout(() => {
        this.idle.delete(worker);
        void worker.stop().then(() => this.workers.delete(worker));
      }, this.options.idle ?? 60_000);
      this.idle.set(worker, timer.unref());
    }
  }
}

/** Memory set aside for a worker. */
const bytesPerWorker = 2 ** 30;

/**
 * One worker a core but one, as far as half of the memory allows, and at least one.
 *
 * @param memory bytes this process may use: of the machine, or of its container where that is less
 */
export function defaultPoolSize(cores: number = availableParallelism(), memory: number = usableMemory()): number {
  return Math.max(1, Math.min(cores - 1, Math.floor(memory / 2 / bytesPerWorker)));
}

function usableMemory(): number {
  const limit = process.constrainedMemory() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

import { availableParallelism, totalmem } from 'node:os';
import { defaultThreads } from '../tensor/threads';
import type { JobExecutor, RunOptions } from './executor';
import { backgroundPlaces, JobQueue, type Load, type Priority } from './queue';
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
  /** Hears of every job that starts, and how it leaves its worker. */
  readonly onJob?: (event: JobEvent) => void;
}

export interface JobEvent {
  readonly what: 'started' | 'ended' | 'gave way';
  /** Counted from 1 in the order of asking; a job that gave way starts again later. */
  readonly job: number;
  readonly task: unknown;
  readonly priority: Priority;
}

interface Job {
  readonly id: number;
  readonly task: unknown;
  readonly priority: Priority;
  readonly options: RunOptions;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A job with its worker. */
interface Running {
  readonly job: Job;
  readonly worker: WorkerProcess;
  /** Ends the job for now: it goes back into the queue. */
  readonly giveWay: AbortController;
}

/**
 * Runs jobs in child processes that may be cancelled or die without harm to anybody else. Workers start when they are
 * first needed, are used again, and never outlive this process.
 *
 * A job that a person waits for has its cores at once: background jobs in its way, those that started last, are
 * cancelled and done anew when it has ended.
 */
export class WorkerPool implements JobExecutor {
  private readonly queue = new JobQueue<Job>();
  private readonly idle = new Map<WorkerProcess, NodeJS.Timeout>();
  private readonly workers = new Set<WorkerProcess>();
  /** In the order in which they started. */
  private readonly running = new Set<Running>();
  private asked = 0;
  private size: number;
  private threads: number;
  private disposed = false;
  private readonly killAll = (): void => this.workers.forEach((worker) => worker.kill());

  constructor(private readonly options: PoolOptions) {
    this.size = options.size ?? defaultPoolSize();
    this.threads = options.threads ?? 0;
    process.once('exit', this.killAll);
  }

  /** One more than run, so that none waits for the next to be asked for. */
  get places(): number {
    return this.size + 1;
  }

  /** Jobs that run or wait. */
  get pending(): number {
    return this.running.size + this.queue.length;
  }

  /** Ids of the worker processes. */
  get processIds(): number[] {
    return [...this.workers].map(({ pid }) => pid).filter((pid) => pid !== undefined);
  }

  run(task: unknown, options: RunOptions = {}): Promise<unknown> {
    const { signal, priority = 'background' } = options;
    if (this.disposed || signal?.aborted) return Promise.reject(new JobCancelledError());
    return new Promise((resolve, reject) => {
      const job: Job = { id: ++this.asked, task, priority, options, resolve, reject };
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
    for (let job = this.queue.take(this.load()); job; job = this.queue.take(this.load())) void this.start(job);
  }

  private async start(job: Job): Promise<void> {
    let settle: () => void;
    try {
      const running = { job, worker: this.takeWorker(), giveWay: new AbortController() };
      this.running.add(running);
      this.tell('started', job);
      job.options.onStart?.();
      if (job.priority === 'user') this.makeWay();
      this.divideCores();
      settle = await this.outcome(running);
      this.running.delete(running);
      this.giveBack(running.worker);
    } catch (error) {
      settle = () => job.reject(error as Error);
    }
    settle();
    if (this.disposed) return;
    this.startWaiting();
    this.divideCores();
  }

  /** Waits for a job. @returns what is to be done once its place is free */
  private async outcome({ job, worker, giveWay }: Running): Promise<() => void> {
    const { signal, progress } = job.options;
    const stop = signal ? AbortSignal.any([signal, giveWay.signal]) : giveWay.signal;
    try {
      const result = await worker.run(job.task, stop, progress);
      this.tell('ended', job);
      return () => job.resolve(result);
    } catch (error) {
      const gaveWay = error instanceof JobCancelledError && giveWay.signal.aborted;
      const waits = gaveWay && !signal?.aborted && !this.disposed;
      this.tell(waits ? 'gave way' : 'ended', job);
      return waits ? () => this.queue.pushBack(job, job.priority) : () => job.reject(error as Error);
    }
  }

  /** Jobs that hold their places. */
  private get holding(): Running[] {
    return [...this.running].filter(({ giveWay }) => !giveWay.signal.aborted);
  }

  private load(): Load {
    const userPlaces = this.threads || defaultThreads(1, this.cores);
    return { size: this.size, userPlaces, running: this.holding.map(({ job }) => job.priority) };
  }

  /** Takes their places from background jobs that are more than may run beside the user's: what started last has least to lose. */
  private makeWay(): void {
    const background = this.holding.filter(({ job }) => job.priority === 'background');
    for (const { giveWay } of background.slice(backgroundPlaces(this.load()))) giveWay.abort();
  }

  /**
   * Jobs together should not have more threads than there are cores. The user's jobs divide the cores among them, the
   * others what is left, and each gets more when others end.
   */
  private divideCores(): void {
    const holding = this.holding;
    const users = holding.filter(({ job }) => job.priority === 'user').length;
    const forUsers = this.threads || defaultThreads(Math.max(1, users), this.cores);
    const left = Math.max(1, this.cores - users * forUsers);
    const forOthers = this.threads || defaultThreads(Math.max(1, holding.length - users), left);
    for (const { job, worker } of holding) worker.limitThreads(job.priority === 'user' ? forUsers : forOthers);
  }

  private get cores(): number {
    return this.options.cores ?? availableParallelism();
  }

  private tell(what: JobEvent['what'], { id, task, priority }: Job): void {
    this.options.onJob?.({ what, job: id, task, priority });
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

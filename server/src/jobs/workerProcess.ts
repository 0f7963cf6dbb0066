import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobProgress } from '../../../protocol/reports';
import { JobError, type FromWorker, type ToWorker } from './messages';

/** The process that ran a job ended before the job did. */
export class WorkerCrashedError extends Error {
  override readonly name = 'WorkerCrashedError';

  constructor(
    readonly exitCode: number | null,
    readonly signal: NodeJS.Signals | null,
    /** Last lines the process wrote, oldest first. */
    readonly output: readonly string[],
    /** Why it could not even start, where that is the case. */
    override readonly cause?: Error,
  ) {
    const how = cause?.message ?? signal ?? `exit code ${exitCode}`;
    super(`the analysis process ended unexpectedly (${outOfMemory(output) ? `out of memory, ${how}` : how})`);
  }
}

/** A job that was cancelled before it came to an end. */
export class JobCancelledError extends Error {
  override readonly name = 'JobCancelledError';

  constructor() {
    super('cancelled');
  }
}

export interface WorkerProcessOptions {
  /** Script that calls `serveJobs`, and `exitWithParent` with its first argument, the id of this process. */
  readonly script: string;
  /** Arguments to Node itself; none by default, so that a debugger's port is not inherited. */
  readonly execArgv?: readonly string[];
  /** How long a cancelled job may take to end by itself before its worker is killed, in milliseconds. */
  readonly grace: number;
}

interface RunningJob {
  readonly id: number;
  readonly progress?: (progress: JobProgress) => void;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  cancelled: boolean;
}

/** How long a worker may take to stop, in milliseconds: editors do not wait long for their servers. */
const stopGrace = 500;

const keptLines = 20;
const keptCharacters = 4000;

/** One worker process: runs a job at a time, and may die at any moment. */
export class WorkerProcess {
  private readonly child: ChildProcess;
  private job: RunningJob | undefined;
  private jobs = 0;
  private threads = 1;
  private output = '';
  private ended: WorkerCrashedError | undefined;
  private readonly exit: Promise<void>;

  constructor(private readonly options: WorkerProcessOptions) {
    this.child = fork(options.script, [String(process.pid)], {
      execArgv: [...(options.execArgv ?? [])],
      env: workerEnvironment(),
      serialization: 'advanced',
      // Standard output may carry the language server protocol: a worker must not write to it.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const streams = [this.child.stdout, this.child.stderr].filter((stream) => stream !== null);
    for (const stream of streams) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-keptCharacters);
      });
    }
    this.child.on('message', (message: FromWorker) => this.receive(message));
    this.exit = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null, cause?: Error): void => {
        this.end(new WorkerCrashedError(code, signal, this.lastLines(), cause));
        resolve();
      };
      this.child.on('error', (cause) => {
        if (this.child.pid === undefined) end(null, null, cause);
      });
      this.child.once('exit', (code, signal) => {
        // Its last words may still be on their way, but others may hold the streams open for long.
        void Promise.race([Promise.all(streams.map(closed)), delay(500, undefined, { ref: false })])
          .catch(() => undefined)
          .then(() => end(code, signal));
      });
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Whether it can take a job, now or later. */
  get alive(): boolean {
    return this.ended === undefined && this.child.connected;
  }

  /**
   * Runs a job. One at a time.
   *
   * @throws JobError what the job threw; JobCancelledError; WorkerCrashedError
   */
  run(task: unknown, signal?: AbortSignal, progress?: (progress: JobProgress) => void): Promise<unknown> {
    if (this.job) throw new Error('a worker runs one job at a time');
    if (this.ended) return Promise.reject(this.ended);
    const id = ++this.jobs;
    const outcome = new Promise((resolve, reject) => {
      this.job = { id, progress, resolve, reject, cancelled: false };
      this.send({ type: 'run', job: id, task });
    });
    const cancel = (): void => this.cancel(id);
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    return outcome.finally(() => signal?.removeEventListener('abort', cancel));
  }

  /** Tells the worker how many threads it may use, 1 at first. */
  limitThreads(threads: number): void {
    if (threads === this.threads) return;
    this.threads = threads;
    this.send({ type: 'threads', threads });
  }

  /** Lets the worker end by itself, and kills it when that takes too long. Resolves when it is gone. */
  async stop(): Promise<void> {
    if (this.ended) return;
    if (this.job) this.job.cancelled = true;
    if (this.child.connected) this.child.disconnect();
    const timer = setTimeout(() => this.kill(), stopGrace);
    await this.exit;
    clearTimeout(timer);
  }

  /** Ends the worker at once. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  private cancel(id: number): void {
    if (this.job?.id !== id) return;
    this.job.cancelled = true;
    this.send({ type: 'cancel', job: id });
    setTimeout(() => {
      if (this.job?.id === id) this.kill();
    }, this.options.grace).unref();
  }

  private send(message: ToWorker): void {
    // A worker that is gone, or never came up, is reported by its end.
    if (!this.child.connected) return;
    const refuse = (error: NodeJS.ErrnoException | null): void => {
      // One that was killed a moment ago is known by its pipe alone until its end is heard of.
      if (error && this.alive && error.code !== 'EPIPE') this.settle((job) => job.reject(error));
    };
    try {
      this.child.send(message, refuse);
    } catch (error) {
      refuse(error as Error); // a task that is not plain data
    }
  }

  private receive(message: FromWorker): void {
    if (message.job !== this.job?.id) return;
    switch (message.type) {
      case 'progress':
        this.job.progress?.(message.progress);
        break;
      case 'result':
        // Also when it was cancelled too late: what the job wrote is there.
        this.settle((job) => job.resolve(message.result));
        break;
      case 'error':
        this.settle((job) => job.reject(job.cancelled ? new JobCancelledError() : new JobError(message.error)));
    }
  }

  private end(error: WorkerCrashedError): void {
    this.ended ??= error;
    this.settle((job) => job.reject(job.cancelled ? new JobCancelledError() : error));
  }

  private settle(how: (job: RunningJob) => void): void {
    const { job } = this;
    this.job = undefined;
    if (job) how(job);
  }

  private lastLines(): string[] {
    return this.output.trimEnd().split(/\r?\n/).slice(-keptLines).filter(Boolean);
  }
}

async function closed(stream: Readable): Promise<void> {
  if (!stream.closed) await once(stream, 'close');
}

function outOfMemory(output: readonly string[]): boolean {
  return output.some((line) => /heap out of memory|Array buffer allocation failed/.test(line));
}

function workerEnvironment(): NodeJS.ProcessEnv {
  // Inside VS Code the executable is Electron, which behaves as Node only when told so.
  return process.versions.electron ? { ...process.env, ELECTRON_RUN_AS_NODE: '1' } : process.env;
}

import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { kernelCosts } from './kernelCosts';
import { binariesFolder, kernelNames, type KernelModule, type KernelName, type Kernels } from './kernels';
import { mostChunks, SharedWork, type DividedCall, type KernelList } from './sharedWork';
import { SharingGain } from './sharingGain';
import { threadLimit } from '../threads';

/** What a thread is started with. */
export interface ThreadData {
  readonly module: KernelModule;
  readonly memory: WebAssembly.Memory;
  readonly block: SharedArrayBuffer;
  /** 1 for the first; the calling thread is 0. */
  readonly thread: number;
}

export interface ThreadTeamOptions {
  /** Script of a thread. Default: that of the build. */
  readonly script?: string;
  /** Further options of a thread. */
  readonly worker?: Pick<WorkerOptions, 'argv' | 'execArgv'>;
  /** How long a chunk may take before its thread is given up, in milliseconds. Default 5,000. */
  readonly patience?: number;
}

/** Work a thread must have to be worth its part in a call, in nanoseconds. */
const leastShare = 8000;
/** Work a call must have to be worth waking threads: that takes 20 microseconds here, and 50 until they are up. */
const leastForWaking = 100_000;
/** Work that must have been done before threads are started, which takes a processor 20 milliseconds. */
const leastForStarting = 20_000_000;
/** Chunks of a share: few, so that they cost nothing; several, so that the last ones end at about the same time. */
const chunksPerShare = 6;

/** Places in `kernelNames`, by which threads call the kernels. */
const places: ReadonlyMap<KernelName, number> = new Map(kernelNames.map((name, place) => [name, place]));

/**
 * The threads that share kernel calls with the calling one. They start when there has been enough work to be worth it,
 * sleep when there is none, never keep the process alive, and end with it. Without them, and for calls that are too
 * small, everything runs on the calling thread; results are the same bytes either way.
 */
export class ThreadTeam {
  /** Shares every call that can be divided, small ones too, whether that pays or not: so tests see threads at work. */
  eager = false;
  private readonly shared = new SharedWork();
  private readonly kernels: KernelList;
  private readonly gain = new SharingGain();
  private readonly workers: Worker[] = [];
  private workSoFar = 0;
  private broken = false;

  constructor(
    kernels: Kernels,
    private readonly module: KernelModule,
    private readonly memory: WebAssembly.Memory,
    private readonly options: ThreadTeamOptions = {},
  ) {
    this.kernels = kernelNames.map((name) => kernels[name]);
  }

  /** Threads there are, the calling one among them. */
  get size(): number {
    return 1 + this.workers.length;
  }

  /**
   * Divides a call among the threads, if there are any and it is worth it.
   *
   * @returns whether the call was done; if not, the caller does it
   */
  run(kernel: KernelName, units: number, parameters: readonly number[]): boolean {
    const threads = threadLimit();
    if (threads === 1 || this.broken) return false;
    const cost = kernelCosts[kernel];
    if (cost === undefined) return false;
    const work = units * cost.perUnit(...parameters);
    if (this.size < threads) this.startWhenDue(work);
    const grains = Math.ceil(units / cost.grain);
    const wanted = Math.min(threads, grains, this.eager ? threads : Math.floor(work / leastShare));
    if (wanted < 2) return false;
    const place = places.get(kernel)!;
    const kind = kindOf(place, units);
    const started = performance.now();
    const helpers = this.gather(wanted - 1, work, started);
    if (helpers.length === 0) {
      this.kernels[place](...parameters, 0, units);
      this.gain.ranAlone(kind, work, performance.now() - started);
    } else {
      const shares = 1 + helpers.length;
      const chunks = Math.min(grains, shares * chunksPerShare, mostChunks);
      const chunk = Math.ceil(grains / chunks) * cost.grain;
      this.share({ kernel: place, units, chunk, shares, parameters }, helpers);
      const now = performance.now();
      this.gain.wasShared(kind, work, now - started, now);
    }
    return true;
  }

  /** Starts threads now. Resolves when all that may take part are up. */
  async ready(): Promise<void> {
    this.start();
    const isUp = (thread: number): boolean => this.shared.isAwake(thread) || this.shared.isAsleep(thread);
    while (this.workers.some((_, i) => !isUp(i + 1))) await delay(1);
  }

  /** Ends all threads; from now on everything runs on the calling one. */
  end(): void {
    this.broken = true;
    for (const worker of this.workers.splice(0)) void worker.terminate();
  }

  private share(call: DividedCall, helpers: readonly number[]): void {
    const { shared } = this;
    shared.limit = threadLimit();
    shared.publish(call);
    for (const thread of helpers) if (shared.isAsleep(thread)) shared.wake(thread);
    shared.work(this.kernels, 0);
    const finished = shared.waitForOthers(this.options.patience ?? 5000);
    if (finished && !shared.failed) return;
    // A thread that hangs is stopped before its chunk is done again: should it ever go on, then not for long.
    if (!finished) this.end();
    for (const range of shared.unfinishedRanges()) this.kernels[call.kernel](...call.parameters, ...range);
  }

  /** Finds threads that can take part now: first those that are awake, then those that are worth waking. */
  private gather(wanted: number, work: number, now: number): number[] {
    if (!this.eager && !this.gain.shareNext(now)) return [];
    const mayWake = this.eager || work >= leastForWaking;
    const awake: number[] = [];
    const asleep: number[] = [];
    for (let thread = 1; thread < Math.min(this.size, threadLimit()); thread++) {
      if (this.shared.isAwake(thread)) awake.push(thread);
      else if (mayWake && this.shared.isAsleep(thread)) asleep.push(thread);
    }
    return [...awake, ...asleep].slice(0, wanted);
  }

  private startWhenDue(work: number): void {
    this.workSoFar += work;
    if (this.workSoFar >= leastForStarting) this.start();
  }

  private start(): void {
    const { module, memory } = this;
    const { script = path.join(binariesFolder(), 'thread.js') } = this.options;
    // Nothing of the parent's environment, command line or standard streams is needed.
    const own: WorkerOptions = { execArgv: [], env: {}, stdin: false, stdout: true, stderr: true };
    try {
      while (this.size < threadLimit()) {
        const workerData: ThreadData = { module, memory, block: this.shared.block, thread: this.size };
        const worker = new Worker(script, { workerData, ...own, ...this.options.worker });
        this.workers.push(worker);
        // Without it the work is done all the same, by the calling thread.
        worker.on('error', () => this.end());
        worker.on('exit', () => this.end());
        worker.unref();
      }
    } catch {
      // No more threads are to be had here.
      this.end();
    }
  }
}

/** Estimates go wrong in the same way for calls of a kernel that have about as many units. */
function kindOf(place: number, units: number): number {
  return 32 * place + Math.clz32(units);
}

/**
 * The block of memory through which threads share the work of one kernel call. The caller cuts the call's units into
 * chunks and gives every thread a share of them; a thread takes the chunks of its own share first, so that it meets the
 * same rows again in its cache, and then those that are left of the others'. So a thread that comes late, or not at
 * all, holds nobody up: only a chunk that somebody has taken is waited for.
 *
 * A chunk is taken by lowering its share's ticket, which carries the number of the call. Until a thread has done that it
 * relies on nothing it has read, and from then on to the end of the chunk the call cannot be replaced by the next one.
 */

import { mostThreads } from '../threads';

/** Kernels in the order of `kernelNames`. */
export type KernelList = readonly ((...numbers: number[]) => void)[];

/** One kernel call, cut into chunks. */
export interface DividedCall {
  /** Place in `kernelNames`. */
  readonly kernel: number;
  readonly units: number;
  /** Units of a chunk; the last may have fewer. */
  readonly chunk: number;
  /** Shares the chunks are dealt out into, at most {@link mostThreads}. */
  readonly shares: number;
  /** What the kernel takes before the range, 32 numbers at most. */
  readonly parameters: readonly number[];
}

/** Parameters of a call. */
const mostParameters = 32;
/** Chunks of a call: as many as a ticket counts. */
export const mostChunks = 255;

/** What a thread besides the caller's is at. */
const state = { starting: 0, asleep: 1, awake: 2 } as const;

/** Words of a cache line: what different threads write lies on different ones. */
const line = 16;
/** Places of 32-bit words. */
const at = {
  /** Number of the current call. */
  call: 0,
  /** Chunks of it that are not finished. */
  unfinished: line,
  /** 1 while the caller sleeps until none is left. */
  callerSleeps: 2 * line,
  /** Kernels that threw. */
  failures: 3 * line,
  /** Threads that may take part, the caller among them. */
  limit: 4 * line,
  states: 5 * line,
  tickets: (5 + mostThreads) * line,
  /** For every chunk the last call in which it was finished. */
  finishedIn: (5 + 2 * mostThreads) * line,
} as const;
const words = at.finishedIn + mostChunks + 1;
/** Places of 64-bit numbers. */
const numberAt = { call: 0, kernel: 1, units: 2, chunk: 3, shares: 4, parameterCount: 5, parameters: 6 } as const;

const ticketBits = 8;
const leftMask = (1 << ticketBits) - 1;

/** How long a thread looks out for the next call before it sleeps, in milliseconds. */
const lookout = 0.1;
/** How long the caller looks out for the last chunks before it sleeps, in milliseconds. */
const callerLookout = 0.05;
/** Looks between two looks at the clock. */
const looks = 32;

/** A view of the block, in any thread. */
export class SharedWork {
  private readonly words: Int32Array;
  private readonly numbers: Float64Array;

  /** @param block as another thread has it; a new one where absent */
  constructor(readonly block = new SharedArrayBuffer(4 * words + 8 * (numberAt.parameters + mostParameters))) {
    this.words = new Int32Array(block, 0, words);
    this.numbers = new Float64Array(block, 4 * words);
  }

  /** Threads that may take part, the caller among them. */
  set limit(threads: number) {
    Atomics.store(this.words, at.limit, threads);
  }

  /** Whether a thread is looking out for a call, sleeps, or is not up yet. */
  isAwake(thread: number): boolean {
    return Atomics.load(this.words, stateAt(thread)) === state.awake;
  }

  isAsleep(thread: number): boolean {
    return Atomics.load(this.words, stateAt(thread)) === state.asleep;
  }

  /** Offers a call to all threads that are awake. The one before must be finished. */
  publish({ kernel, units, chunk, shares, parameters }: DividedCall): void {
    const { numbers } = this;
    const chunks = Math.ceil(units / chunk);
    const call = (Atomics.load(this.words, at.call) + 1) | 0;
    numbers[numberAt.call] = call;
    numbers[numberAt.kernel] = kernel;
    numbers[numberAt.units] = units;
    numbers[numberAt.chunk] = chunk;
    numbers[numberAt.shares] = shares;
    numbers[numberAt.parameterCount] = parameters.length;
    numbers.set(parameters, numberAt.parameters);
    Atomics.store(this.words, at.failures, 0);
    Atomics.store(this.words, at.unfinished, chunks);
    for (let share = 0; share < shares; share++) {
      const left = endOfShare(share, shares, chunks) - endOfShare(share - 1, shares, chunks);
      Atomics.store(this.words, ticketAt(share), (call << ticketBits) | left);
    }
    Atomics.store(this.words, at.call, call);
  }

  /** Wakes a thread that sleeps. */
  wake(thread: number): void {
    Atomics.store(this.words, stateAt(thread), state.awake);
    Atomics.notify(this.words, stateAt(thread));
  }

  /** Runs chunks of the current call until none is left to take, those of one's own share first. */
  work(kernels: KernelList, thread: number): void {
    const shares = this.numbers[numberAt.shares];
    for (let i = 0; i < shares; i++) {
      const share = (thread + i) % shares;
      for (let left = this.take(share); left > 0; left = this.take(share)) this.runChunk(kernels, share, left);
    }
  }

  /**
   * Waits until every chunk that was taken is finished.
   *
   * @param patience how long to wait without any progress, in milliseconds
   * @returns whether all is finished; if not, a thread has died or hangs
   */
  waitForOthers(patience: number): boolean {
    const deadline = performance.now() + callerLookout;
    do {
      for (let i = 0; i < looks; i++) if (this.unfinished === 0) return true;
    } while (performance.now() < deadline);
    Atomics.store(this.words, at.callerSleeps, 1);
    // In slices: when the whole process was stopped for a while, the others must have their turn before time is up.
    const slice = patience / 50;
    let slices = 0;
    let before = this.unfinished;
    while (before > 0 && slices < 50) {
      slices = Atomics.wait(this.words, at.unfinished, before, slice) === 'timed-out' ? slices + 1 : 0;
      before = this.unfinished;
    }
    Atomics.store(this.words, at.callerSleeps, 0);
    return before === 0;
  }

  /** Whether a kernel threw in the current call. */
  get failed(): boolean {
    return Atomics.load(this.words, at.failures) > 0;
  }

  /** Ranges of the current call that nobody finished. */
  unfinishedRanges(): [begin: number, end: number][] {
    const { numbers } = this;
    const [call, units, chunk] = [numbers[numberAt.call], numbers[numberAt.units], numbers[numberAt.chunk]];
    const ranges: [number, number][] = [];
    for (let i = 0; i * chunk < units; i++) {
      if (Atomics.load(this.words, at.finishedIn + i) === call) continue;
      ranges.push([i * chunk, Math.min(units, (i + 1) * chunk)]);
    }
    return ranges;
  }

  /** What a thread does all its life: takes part in calls, and sleeps when none comes for a while. */
  serve(kernels: KernelList, thread: number): never {
    const own = stateAt(thread);
    let seen = Atomics.load(this.words, at.call);
    Atomics.store(this.words, own, state.awake);
    for (let idleSince = performance.now(); ;) {
      const call = Atomics.load(this.words, at.call);
      if (call !== seen && thread < Atomics.load(this.words, at.limit)) {
        seen = call;
        this.work(kernels, thread);
        idleSince = performance.now();
      } else if (performance.now() > idleSince + lookout) {
        Atomics.store(this.words, own, state.asleep);
        // Whoever publishes a call looks at the state afterwards: one of the two sees what the other did.
        if (Atomics.load(this.words, at.call) === call) Atomics.wait(this.words, own, state.asleep);
        Atomics.store(this.words, own, state.awake);
        idleSince = performance.now();
      }
    }
  }

  private get unfinished(): number {
    return Atomics.load(this.words, at.unfinished);
  }

  /** @returns how many chunks the share had before one was taken; 0 where none was left */
  private take(share: number): number {
    for (;;) {
      const ticket = Atomics.load(this.words, ticketAt(share));
      const left = ticket & leftMask;
      if (left === 0) return 0;
      if (Atomics.compareExchange(this.words, ticketAt(share), ticket, ticket - 1) === ticket) return left;
    }
  }

  private runChunk(kernels: KernelList, share: number, left: number): void {
    const { numbers } = this;
    const [units, chunk, shares] = [numbers[numberAt.units], numbers[numberAt.chunk], numbers[numberAt.shares]];
    const index = endOfShare(share, shares, Math.ceil(units / chunk)) - left;
    const end = numberAt.parameters + numbers[numberAt.parameterCount];
    const begin = index * chunk;
    try {
      const parameters = numbers.subarray(numberAt.parameters, end);
      kernels[numbers[numberAt.kernel]](...parameters, begin, Math.min(units, begin + chunk));
      Atomics.store(this.words, at.finishedIn + index, numbers[numberAt.call]);
    } catch {
      // The caller runs the chunk again, and throws if that is how it ends.
      Atomics.add(this.words, at.failures, 1);
    }
    const last = Atomics.sub(this.words, at.unfinished, 1) === 1;
    if (last && Atomics.load(this.words, at.callerSleeps) === 1) Atomics.notify(this.words, at.unfinished);
  }
}

function stateAt(thread: number): number {
  return at.states + thread * line;
}

function ticketAt(share: number): number {
  return at.tickets + share * line;
}

/** The first chunk behind a share. */
function endOfShare(share: number, shares: number, chunks: number): number {
  return Math.floor(((share + 1) * chunks) / shares);
}

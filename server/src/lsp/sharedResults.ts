import { JobCancelledError } from '../jobs/workerProcess';

interface Entry<T> {
  readonly result: Promise<T>;
  readonly work: AbortController;
  /** How many wait for it. */
  waiting: number;
  settled: boolean;
}

/**
 * Results by key, computed once for all who ask, those asked for last kept. Work that nobody waits for any more is
 * cancelled, and what failed is tried again by the next to ask.
 */
export class SharedResults<T> {
  /** The one asked for last comes last. */
  private readonly entries = new Map<string, Entry<T>>();

  /** @param most number of results that are kept */
  constructor(private readonly most: number) {}

  /**
   * @param compute is called where the result is neither there nor under way
   * @throws JobCancelledError once `signal` is aborted, and what `compute` throws
   */
  get(key: string, compute: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    if (signal.aborted) return Promise.reject(new JobCancelledError());
    const entry = this.entries.get(key) ?? this.start(key, compute);
    this.entries.delete(key);
    this.entries.set(key, entry);
    this.dropOldest();
    return this.wait(key, entry, signal);
  }

  private start(key: string, compute: (signal: AbortSignal) => Promise<T>): Entry<T> {
    const work = new AbortController();
    const entry: Entry<T> = { result: compute(work.signal), work, waiting: 0, settled: false };
    entry.result.then(
      () => (entry.settled = true),
      () => this.forget(key, entry),
    );
    return entry;
  }

  private async wait(key: string, entry: Entry<T>, signal: AbortSignal): Promise<T> {
    entry.waiting++;
    let leave = (): void => undefined;
    const left = new Promise<never>((_, reject) => (leave = () => reject(new JobCancelledError())));
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([entry.result, left]);
    } finally {
      signal.removeEventListener('abort', leave);
      entry.waiting--;
      if (entry.waiting === 0 && !entry.settled) {
        this.forget(key, entry);
        entry.work.abort();
      }
    }
  }

  private forget(key: string, entry: Entry<T>): void {
    if (this.entries.get(key) === entry) this.entries.delete(key);
  }

  private dropOldest(): void {
    for (const [key, { settled }] of this.entries) {
      if (this.entries.size <= this.most) return;
      if (settled) this.entries.delete(key);
    }
  }
}

interface SideBySide<T, R> {
  readonly items: readonly T[];
  /** How many are worked on at the same time. */
  readonly places: number;
  /** @param signal aborted with that of the whole, and once work on any item failed */
  readonly work: (item: T, signal: AbortSignal) => Promise<R>;
  readonly signal: AbortSignal;
}

/**
 * Works on several items at a time.
 *
 * @returns what came of each, in the order of the items, whichever ended first
 * @throws the signal's reason once it is aborted, else the first error; nothing is worked on any more then
 */
export async function sideBySide<T, R>({ items, places, work, signal }: SideBySide<T, R>): Promise<R[]> {
  const results: R[] = [];
  const ended = new AbortController();
  const own = AbortSignal.any([signal, ended.signal]);
  // All lanes take from one iterator.
  const next = items.entries();
  const lane = async (): Promise<void> => {
    for (const [place, item] of next) {
      own.throwIfAborted();
      // A signal of its own: whoever listens for the end of one item need not stop listening.
      results[place] = await work(item, AbortSignal.any([own]));
    }
  };
  const lanes = Array.from({ length: Math.min(items.length, Math.max(1, places)) }, lane);
  try {
    await Promise.all(lanes);
    return results;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    ended.abort();
    await Promise.allSettled(lanes);
  }
}

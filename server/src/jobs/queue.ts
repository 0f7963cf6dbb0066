/**
 * Who goes first, and how many places beyond the pool's size each may take: a code-safety scan or a job that a person
 * waits for never stands behind background work.
 */
const priorities = {
  /** Reads one file, takes milliseconds. */
  'code-safety': { rank: 0, extraPlaces: 2 },
  /** Somebody asked for it and waits. */
  user: { rank: 1, extraPlaces: 1 },
  background: { rank: 2, extraPlaces: 0 },
} as const;
export type Priority = keyof typeof priorities;

interface Entry<T> {
  readonly item: T;
  readonly priority: Priority;
}

/** Waiting jobs by priority, first come first served within one. */
export class JobQueue<T> {
  private readonly entries: Entry<T>[] = [];

  get length(): number {
    return this.entries.length;
  }

  push(item: T, priority: Priority): void {
    const { rank } = priorities[priority];
    const place = this.entries.findIndex((entry) => priorities[entry.priority].rank > rank);
    this.entries.splice(place < 0 ? this.entries.length : place, 0, { item, priority });
  }

  /**
   * Takes the next job out of the queue, if it may start now.
   *
   * @param running jobs that run already
   * @param size places of the pool
   */
  take(running: number, size: number): T | undefined {
    // Whoever stands first also has the most places: if there is none for them, there is none for anybody.
    const [first] = this.entries;
    if (!first || running >= size + priorities[first.priority].extraPlaces) return undefined;
    this.entries.shift();
    return first.item;
  }

  /** @returns whether the job was still waiting */
  remove(item: T): boolean {
    const place = this.entries.findIndex((entry) => entry.item === item);
    if (place >= 0) this.entries.splice(place, 1);
    return place >= 0;
  }

  /** Empties the queue. @returns what was waiting, in order */
  clear(): T[] {
    return this.entries.splice(0).map(({ item }) => item);
  }
}

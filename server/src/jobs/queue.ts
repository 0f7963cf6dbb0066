/** Who goes first, and how many places beyond the pool's size each may take: what is short never waits for what is long. */
const priorities = {
  /** Looks at the code of one file, takes milliseconds. */
  'code-safety': { rank: 0, extraPlaces: 2 },
  /** Somebody asked for it and waits. */
  user: { rank: 1, extraPlaces: 1 },
  /** Finds something out in a moment: whether data fit, whether a backend works. */
  lookup: { rank: 2, extraPlaces: 1 },
  background: { rank: 3, extraPlaces: 0 },
} as const;
export type Priority = keyof typeof priorities;

/** What a pool does at the moment. */
export interface Load {
  /** Places of the pool. */
  readonly size: number;
  /** Places that one job of the user's takes from background work: it computes on as many cores. */
  readonly userPlaces: number;
  /** Priorities of the jobs that run, those that are giving way not among them. */
  readonly running: readonly Priority[];
}

/** How many background jobs may run: as many as there are places, less those of the user's jobs. */
export function backgroundPlaces({ size, userPlaces, running }: Load): number {
  const users = running.filter((priority) => priority === 'user').length;
  return Math.max(0, size - users * userPlaces);
}

/** Whether a job may start now. */
export function mayStart(priority: Priority, load: Load): boolean {
  const { size, running } = load;
  if (running.length >= size + priorities[priority].extraPlaces) return false;
  if (priority !== 'background') return true;
  return running.filter((other) => other === 'background').length < backgroundPlaces(load);
}

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
    this.insert({ item, priority }, (entry) => priorities[entry.priority].rank > rank);
  }

  /** Puts a job that had its turn and gave way before the others of its priority. */
  pushBack(item: T, priority: Priority): void {
    const { rank } = priorities[priority];
    this.insert({ item, priority }, (entry) => priorities[entry.priority].rank >= rank);
  }

  /** Takes the next job out of the queue, if it may start now. */
  take(load: Load): T | undefined {
    // Whoever stands first also has the most places: if there is none for them, there is none for anybody.
    const [first] = this.entries;
    if (!first || !mayStart(first.priority, load)) return undefined;
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

  private insert(entry: Entry<T>, isLater: (entry: Entry<T>) => boolean): void {
    const place = this.entries.findIndex(isLater);
    this.entries.splice(place < 0 ? this.entries.length : place, 0, entry);
  }
}

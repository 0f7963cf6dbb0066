/** What newer versions of Node.js know of a single thread. */
interface ThreadClock {
  readonly threadCpuUsage?: (previous?: NodeJS.CpuUsage) => NodeJS.CpuUsage;
}

/** How long something kept the extension host, in milliseconds. */
export interface Busy {
  /**
   * Processor time of the thread on which all extensions run; before Node.js 23.9, of the whole process, helpers that
   * compile and collect garbage beside it included.
   */
  readonly processor: number;
  /** By the clock: what the machine did meanwhile besides is in it. */
  readonly clock: number;
}

function used(since?: NodeJS.CpuUsage): NodeJS.CpuUsage {
  const { threadCpuUsage } = process as ThreadClock;
  return threadCpuUsage?.call(process, since) ?? process.cpuUsage(since);
}

/** Starts to measure one go. @returns what it took up to then; ask before anything is waited for */
export function busyTime(): () => Busy {
  const [start, clock] = [used(), performance.now()];
  return () => {
    const { user, system } = used(start);
    return { processor: (user + system) / 1000, clock: performance.now() - clock };
  };
}

export function added(a: Busy, b: Busy): Busy {
  return { processor: a.processor + b.processor, clock: a.clock + b.clock };
}

/**
 * What loading the extension's code took up to now. This module is imported before everything else, so that loading the
 * rest is counted. Other extensions have their turn between that and `activate`.
 */
export const loadingTime = busyTime();

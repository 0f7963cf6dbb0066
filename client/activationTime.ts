/** What newer versions of Node.js know of a single thread. */
interface ThreadClock {
  readonly threadCpuUsage?: (previous?: NodeJS.CpuUsage) => NodeJS.CpuUsage;
}

/**
 * Processor time of the thread on which all extensions run; before Node.js 23.9, of the whole process, helpers that
 * compile and collect garbage beside it included. Not the time of day: that depends on what else the machine does.
 */
function used(since?: NodeJS.CpuUsage): NodeJS.CpuUsage {
  const { threadCpuUsage } = process as ThreadClock;
  return threadCpuUsage?.call(process, since) ?? process.cpuUsage(since);
}

/** Starts to count. @returns processor time since then, in milliseconds; ask before anything is waited for */
export function busyTime(): () => number {
  const start = used();
  return () => {
    const { user, system } = used(start);
    return (user + system) / 1000;
  };
}

/**
 * Processor time since the extension's code began to load, in milliseconds. This module is imported before everything
 * else, so that loading the rest is counted.
 */
export const activationMilliseconds = busyTime();

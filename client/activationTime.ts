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

/** When the extension's code began to load. Imported before everything else, so that loading the rest is counted. */
const atStart = used();

/** Processor time since the extension's code began to load, in milliseconds. */
export function activationMilliseconds(): number {
  const { user, system } = used(atStart);
  return (user + system) / 1000;
}

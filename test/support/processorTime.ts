import process from 'node:process';

/** Milliseconds of processor time that something takes, which is no more where the machine has much else to do. */
export function processorTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Processor time of the extension host when the extension's code began to load, in microseconds. Imported before
 * everything else by `extension.ts`, so that loading the rest is counted. Not the time of day: that depends on what else
 * the machine does.
 */
const atStart = process.cpuUsage();

/** Processor time since the extension's code began to load, in milliseconds. */
export function activationMilliseconds(): number {
  const { user, system } = process.cpuUsage(atStart);
  return (user + system) / 1000;
}

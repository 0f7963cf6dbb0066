import { correlation, mean } from '../statistics';
import { hostsOutside, type ProbeRecording } from './recording';

/** Fewer hosts than this say nothing about a class. */
const fewestHosts = 3;

/**
 * For each class c: mean over the hosts not predicted c of the correlation, over triggers, between how far the last
 * layer leaves its clean range and the shift toward c. In a backdoored model the two go together for the target class
 * alone: what drives the layer out of its range is what drives the graph to the target.
 *
 * @returns `[classCount]`; undefined where fewer than three hosts lie outside the class
 */
export function rhoByClass(recording: ProbeRecording): (number | undefined)[] {
  const { triggerCount, hostCount, classCount, shifts, reach } = recording;
  const lastReach = reach[reach.length - 1];
  const reached = new Float64Array(triggerCount);
  const shifted = new Float64Array(triggerCount);
  return Array.from({ length: classCount }, (_, c) => {
    const hosts = hostsOutside(recording, c);
    if (hosts.length < fewestHosts) return undefined;
    const correlations = hosts.map((host) => {
      for (let t = 0; t < triggerCount; t++) {
        reached[t] = lastReach[t * hostCount + host];
        shifted[t] = shifts[(t * hostCount + host) * classCount + c];
      }
      return correlation(reached, shifted);
    });
    return mean(correlations);
  });
}

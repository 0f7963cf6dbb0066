import { median } from '../statistics';
import { hostsOutside, type ProbeRecording } from './recording';

/**
 * The triggers most effective toward a class: by the share of the hosts outside the class that they flip to it,
 * ties by the median shift.
 *
 * @returns trigger indices, the strongest first; empty where fewer than three hosts lie outside the class
 */
export function strongestTriggers(recording: ProbeRecording, target: number, count: number): number[] {
  const { triggerCount, hostCount, classCount, triggeredPredictions, shifts } = recording;
  const hosts = hostsOutside(recording, target);
  if (hosts.length < 3) return [];
  const strength = Float64Array.from({ length: triggerCount }, (_, t) => {
    const flips = hosts.filter((host) => triggeredPredictions[t * hostCount + host] === target).length;
    const shift = median(hosts.map((host) => shifts[(t * hostCount + host) * classCount + target]));
    return flips / hosts.length + 1e-3 * shift;
  });
  return Array.from(strength.keys())
    .sort((a, b) => strength[b] - strength[a] || a - b)
    .slice(0, count);
}

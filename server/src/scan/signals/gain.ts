import { mean, meanOfLargest } from '../statistics';
import type { ProbeRecording } from './recording';

/** Triggers that count as the strongest. */
const strongest = 3;

/**
 * log of R_last over R_1, each the mean over the three triggers that reach farthest in that layer:
 * a backdoor amplifies its trigger from layer to layer.
 */
export function gain(recording: ProbeRecording): number {
  const { triggerCount, hostCount, reach } = recording;
  const farthest = (layerReach: Float64Array): number => {
    const byTrigger = Float64Array.from({ length: triggerCount }, (_, t) =>
      mean(layerReach.subarray(t * hostCount, (t + 1) * hostCount)),
    );
    return Math.log(meanOfLargest(byTrigger, strongest) + 1e-3);
  };
  return farthest(reach[reach.length - 1]) - farthest(reach[0]);
}

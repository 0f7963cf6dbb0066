/**
 * What a model did with random triggers, as plain arrays: all that the signals look at.
 * Arrays over triggers, hosts and classes are row-major in that order.
 */
export interface ProbeRecording {
  readonly triggerCount: number;
  readonly hostCount: number;
  readonly classCount: number;
  /** Class of each host graph as the model sees it without a trigger, `[hostCount]`. */
  readonly hostPredictions: Int32Array;
  /** Class of each triggered host, `[triggerCount, hostCount]`. */
  readonly triggeredPredictions: Int32Array;
  /**
   * Change of each class margin by the trigger, in standard deviations of that margin over the pseudo-graphs,
   * `[triggerCount, hostCount, classCount]`. The margin of c is logit c minus the best other logit.
   */
  readonly shifts: Float64Array;
  /**
   * How far a layer's output leaves its clean range, `[layer][triggerCount * hostCount]`, for the first layer, the last,
   * and any number between them:
   * 0.9-quantile over channels of (largest activation over nodes / largest clean activation of the channel).
   */
  readonly reach: readonly Float64Array[];
}

/** Indices of the hosts that the model does not already take for class `target`. */
export function hostsOutside(recording: ProbeRecording, target: number): number[] {
  const hosts: number[] = [];
  for (let h = 0; h < recording.hostCount; h++) if (recording.hostPredictions[h] !== target) hosts.push(h);
  return hosts;
}

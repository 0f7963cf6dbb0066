import { readFileSync } from 'node:fs';
import path from 'node:path';
import { margins } from '../../../../server/src/scan/signals/margins';
import type { ProbeRecording } from '../../../../server/src/scan/signals/recording';

/** Random activations, and what the PyTorch/NumPy reference makes of them. */
export interface SignalReference {
  readonly classCount: number;
  readonly triggerCount: number;
  readonly hostCount: number;
  readonly deviation: number;
  readonly hostPredictions: number[];
  readonly hostLogits: number[];
  readonly triggeredLogits: number[];
  readonly reach: number[][];
  readonly margins: number[];
  readonly rho: number[];
  readonly gain: number;
  readonly strongest: number[][];
}

export const reference = JSON.parse(
  readFileSync(path.join(__dirname, '../../../fixtures/scan/signals.json'), 'utf8'),
) as SignalReference;

/** The recording that the reference numbers belong to. */
export function referenceRecording(): ProbeRecording {
  const { classCount, triggerCount, hostCount, deviation } = reference;
  const before = margins(reference.hostLogits, classCount);
  const after = margins(reference.triggeredLogits, classCount);
  const predicted: number[] = [];
  for (let row = 0; row < triggerCount * hostCount; row++) {
    const logits = reference.triggeredLogits.slice(row * classCount, (row + 1) * classCount);
    predicted.push(logits.indexOf(Math.max(...logits)));
  }
  return {
    triggerCount,
    hostCount,
    classCount,
    hostPredictions: Int32Array.from(reference.hostPredictions),
    triggeredPredictions: Int32Array.from(predicted),
    shifts: after.map((margin, i) => (margin - before[i % before.length]) / deviation),
    reach: reference.reach.map((layer) => Float64Array.from(layer)),
  };
}

import { calibration, traceCalibrations } from './calibration';
import type { Calibration } from './score';

/**
 * What a model's score is made with and compared with: its signals are those that could be measured, and the clean
 * reference models were scored by the same, on no more clean graphs. With more graphs chance moves traces less, so that
 * what was measured with few is a cautious comparison for any number between.
 *
 * @param signals by name, as evidence holds them
 * @param cleanGraphs how many there were
 */
export function calibrationFor(signals: { readonly trace?: number }, cleanGraphs: number): Calibration {
  if (signals.trace === undefined) return calibration;
  return cleanGraphs >= manyCleanGraphs ? traceCalibrations.many : traceCalibrations.few;
}

/** Clean graphs that the second calibration of scores with traces was measured with. */
export const manyCleanGraphs = 128;

import { calibration, traceCalibration } from './calibration';
import type { Calibration } from './score';

/**
 * What a model's score is made with and compared with: its signals are those that could be measured, and the clean
 * reference models were scored by the same.
 *
 * @param signals by name, as evidence holds them
 */
export function calibrationFor(signals: { readonly trace?: number }): Calibration {
  return signals.trace === undefined ? calibration : traceCalibration;
}

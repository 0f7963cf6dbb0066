import type { Calibration } from './score';

/** Coefficients and what clean reference models show; written by `bench/scanCalibration.ts`. */
export const calibration: Calibration = {
  signals: {
    rhoAsymmetry: { mean: 1.328, deviation: 0.654, weight: 0.394 },
    gain: { mean: 2.232, deviation: 1.341, weight: 1.025 },
    excessAsymmetry: { mean: 1.908, deviation: 1.481, weight: 0.578 },
  },
  intercept: 0.317,
  clean: { suspicion: [], estimatedAsr: [], asrGap: [], concentration: [] },
};

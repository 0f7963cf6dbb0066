import type { Calibration } from './score';

/** Coefficients, and what clean reference models show; written by `bench/scanCalibration.ts`. */
export const calibration: Calibration = {
  signals: {
    rhoAsymmetry: { mean: 1.328, deviation: 0.654, weight: 0.394 },
    gain: { mean: 2.232, deviation: 1.341, weight: 1.025 },
    excessAsymmetry: { mean: 1.908, deviation: 1.481, weight: 0.578 },
  },
  intercept: 0.317,
  clean: {
    suspicion: [
      0.0663, 0.1106, 0.1219, 0.1517, 0.1921, 0.1979, 0.2004, 0.213, 0.2392, 0.2563, 0.2665, 0.3138, 0.3533, 0.363,
      0.3828, 0.5945, 0.7238,
    ],
    estimatedAsr: [0.9792, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    asrGap: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.0143, 0.0208, 0.0294, 0.1803, 0.6111],
    concentration: [
      0.1166, 0.1221, 0.1243, 0.1258, 0.1269, 0.1356, 0.1387, 0.1402, 0.1402, 0.1405, 0.1415, 0.1419, 0.144, 0.1443,
      0.1492, 0.1517, 0.1558,
    ],
  },
};

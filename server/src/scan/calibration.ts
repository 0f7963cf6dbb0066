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
      0.0663, 0.0963, 0.1106, 0.1219, 0.1517, 0.1921, 0.1979, 0.2004, 0.213, 0.2392, 0.241, 0.2563, 0.2665, 0.2728,
      0.2964, 0.3138, 0.3533, 0.363, 0.3828, 0.4596, 0.4899, 0.5945, 0.7238,
    ],
    estimatedAsr: [0.9259, 0.9792, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    asrGap: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.0143, 0.0208, 0.0294, 0.0741, 0.1803, 0.4419, 0.6111],
    concentrationRise: [
      0.8058, 1.0191, 1.0324, 1.1013, 1.172, 1.2537, 1.256, 1.2691, 1.2907, 1.3415, 1.3753, 1.4243, 1.4483, 1.5216,
      1.5348, 1.5728, 1.69, 1.6912, 1.7004, 1.7479, 1.7712, 1.8771, 2.1199,
    ],
  },
};

import type { Calibration } from '../score';

/** What clean reference models show on graphs made up for them; written by `bench/scanWithoutData.ts`. */
export const syntheticCalibration: Calibration = {
  signals: {
    rhoAsymmetry: { mean: 1.328, deviation: 0.654, weight: 0.394 },
    gain: { mean: 2.232, deviation: 1.341, weight: 1.025 },
    excessAsymmetry: { mean: 1.908, deviation: 1.481, weight: 0.578 },
  },
  intercept: 0.317,
  clean: {
    suspicion: [
      0.1571, 0.1571, 0.1571, 0.1773, 0.188, 0.2016, 0.2157, 0.2159, 0.23, 0.2739, 0.2969, 0.3359, 0.356, 0.3716,
      0.3919, 0.392, 0.3994, 0.4284, 0.4715, 0.4819, 0.5397, 0.6493, 0.6617, 0.6855,
    ],
    estimatedAsr: [
      0.6863, 0.6923, 0.7838, 0.8372, 0.8718, 0.9091, 0.913, 0.9623, 0.9636, 0.9841, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
      1, 1,
    ],
    asrGap: [
      0, 0, 0, 0, 0, 0, 0.009, 0.0217, 0.0513, 0.0615, 0.087, 0.0909, 0.0943, 0.1065, 0.1219, 0.1298, 0.1628, 0.1739,
      0.1821, 0.1852, 0.2149, 0.2683, 0.3333, 0.3406,
    ],
    concentrationRise: [
      0.9092, 1.0793, 1.138, 1.1386, 1.1873, 1.2266, 1.2662, 1.2666, 1.2685, 1.2988, 1.3554, 1.3895, 1.3965, 1.4088,
      1.4233, 1.4466, 1.4537, 1.5366, 1.5866, 1.6323, 1.7119, 1.7134, 1.7868, 2.2824,
    ],
  },
};

/** Backdoored reference models that get a finding on made-up graphs, among those that could be scanned so. */
export const syntheticOperatingPoint = { found: 6, of: 25 };

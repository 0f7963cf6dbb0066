import type { MeasuredRates } from '../../../protocol/reports';

/** How often scans with traces of training are right, by the number of clean graphs; written by `bench/scanCalibration.ts`, as all of this file. */
export const traceRates: Readonly<Record<'few' | 'many', MeasuredRates>> = {
  few: {
    scans: 'GIN with 11 to 28 clean graphs',
    backdoored: { models: 157, errors: 116, findings: 126 },
    clean: { models: 160, errors: 10, findings: 17 },
  },
  many: {
    scans: 'GIN with 128 clean graphs',
    backdoored: { models: 158, errors: 137, findings: 145 },
    clean: { models: 161, errors: 7, findings: 17 },
  },
};

/** How often scans by behaviour alone are right. */
export const behaviourRates: MeasuredRates = {
  scans: 'GIN by behaviour alone',
  backdoored: { models: 185, errors: 18, findings: 30 },
  clean: { models: 190, errors: 8, findings: 18 },
};

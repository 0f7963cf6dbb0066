import type { BackdoorEvidence } from '../../protocol/reports';
import { asrGap } from '../../server/src/scan/findings';
import { largestRise } from '../../server/src/scan/attentionRise';

/** A figure of a scan. */
export type Figure = (evidence: BackdoorEvidence) => number;

/** What clean models show beside their score, by its name in a calibration. */
export const cleanFigures = {
  estimatedAsr: ({ estimatedAsr }) => estimatedAsr.value,
  asrGap: ({ estimatedAsrByClass }) => {
    const gap = asrGap(estimatedAsrByClass);
    return gap === undefined ? 0 : gap.easiest.value - gap.next.value;
  },
  concentrationRise: ({ attention }) => largestRise(attention).rise,
  giniRise: ({ attention }) => {
    const { gini } = largestRise(attention).layer;
    return gini.triggered - gini.clean;
  },
  entropyFall: ({ attention }) => {
    const { entropy } = largestRise(attention).layer;
    return entropy.clean - entropy.triggered;
  },
} as const satisfies Record<string, Figure>;

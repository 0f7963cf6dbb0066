import type { BackdoorEvidence } from '../../protocol/reports';
import { suspicionOf, type Calibration, type SignalSummary } from '../../server/src/scan/score';
import { cleanFigures, type Figure } from './cleanFigures';
import { limit } from './logistic';
import { cleanSizes, isBackdoored, type AssessedReference } from './referenceRecords';
import { writeScanSource } from './scanSource';
import { selectScore } from './validation';

type Coefficients = Omit<Calibration, 'clean'>;

/** Score A: the coefficients that earlier work fitted on 188 models of seven data sets (docs/detection.md). */
export const scoreA: Coefficients = {
  signals: {
    rhoAsymmetry: { mean: 1.328, deviation: 0.654, weight: 0.394 },
    gain: { mean: 2.232, deviation: 1.341, weight: 1.025 },
    excessAsymmetry: { mean: 1.908, deviation: 1.481, weight: 0.578 },
  },
  intercept: 0.317,
};

/** Models whose training left traces that can be read: those with BatchNorm. */
export function withTraces(records: readonly AssessedReference[]): AssessedReference[] {
  return records.filter(({ evidence }) => 'trace' in evidence.signals);
}

/** The score of models with traces, fitted on all of them. */
function traceScore(records: readonly AssessedReference[]): Coefficients {
  const { signals, model } = selectScore(records);
  const entries = signals.map((name, j) => {
    const [mean, deviation, weight] = [model.mean[j], model.deviation[j], model.weights[j]].map(rounded);
    return [name, { mean, deviation, weight }] as const;
  });
  return { signals: Object.fromEntries(entries), intercept: rounded(model.intercept), limit };
}

/** Writes server/src/scan/calibration.ts. */
export async function writeCalibration(records: readonly AssessedReference[]): Promise<void> {
  const few = records.filter(({ cleanSize }) => cleanSize === 'few');
  const [tracedFew, tracedMany] = cleanSizes.map((size) =>
    withTraces(records).filter(({ cleanSize }) => cleanSize === size),
  );
  const traced = {
    few: complete(traceScore(tracedFew), tracedFew),
    many: complete(traceScore(tracedMany), tracedMany),
  };
  const source = `import type { Calibration } from './score';

/**
 * The score by behaviour alone, and what clean reference models show; written by \`bench/scanCalibration.ts\`, as all of
 * this file.
 */
export const calibration: Calibration = ${JSON.stringify(complete(scoreA, few))};

/** The score of models whose BatchNorm statistics are those of their training, with 3% of the training graphs, and with 128. */
export const traceCalibrations: Readonly<Record<'few' | 'many', Calibration>> = ${JSON.stringify(traced)};
`;
  await writeScanSource('calibration.ts', source);
}

function complete(score: Coefficients, records: readonly AssessedReference[]): Calibration {
  const clean = records.filter((record) => !isBackdoored(record));
  return {
    ...score,
    clean: cleanLists(
      clean.map((record) => suspicionBy(score, record)),
      clean.map(({ evidence }) => evidence),
    ),
  };
}

/** What clean models show, each list ascending. */
export function cleanLists(suspicion: readonly number[], evidence: readonly BackdoorEvidence[]): Calibration['clean'] {
  const ascending = (values: readonly number[]): number[] => values.map(rounded).sort((a, b) => a - b);
  const list = (figure: Figure): number[] => ascending(evidence.map(figure));
  return {
    suspicion: ascending(suspicion),
    estimatedAsr: list(cleanFigures.estimatedAsr),
    asrGap: list(cleanFigures.asrGap),
    concentrationRise: list(cleanFigures.concentrationRise),
    giniRise: list(cleanFigures.giniRise),
    entropyFall: list(cleanFigures.entropyFall),
  };
}

/** Suspicion of a record by some coefficients, whatever it was scanned with. */
export function suspicionBy(score: Coefficients, { evidence }: Pick<AssessedReference, 'evidence'>): number {
  return suspicionOf(evidence.signals as unknown as SignalSummary, score);
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}

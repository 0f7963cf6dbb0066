import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { largestRise } from '../../server/src/scan/attentionConcentration';
import { asrGap } from '../../server/src/scan/findings';
import { suspicionOf, type Calibration, type SignalSummary } from '../../server/src/scan/score';
import { limit } from './logistic';
import { cleanSizes, isBackdoored, type AssessedReference } from './referenceRecords';
import { selectScore } from './validation';

const file = path.join(__dirname, '..', '..', 'server', 'src', 'scan', 'calibration.ts');

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
  writeFileSync(file, await format(source, { parser: 'typescript', singleQuote: true, printWidth: 120 }));
}

function complete(score: Coefficients, records: readonly AssessedReference[]): Calibration {
  const clean = records.filter((record) => !isBackdoored(record));
  const list = (value: (record: AssessedReference) => number): number[] =>
    clean
      .map(value)
      .map(rounded)
      .sort((a, b) => a - b);
  return {
    ...score,
    clean: {
      suspicion: list((record) => suspicionBy(score, record)),
      estimatedAsr: list(({ evidence }) => evidence.estimatedAsr.value),
      asrGap: list(({ evidence }) => {
        const gap = asrGap(evidence.estimatedAsrByClass);
        return gap === undefined ? 0 : gap.easiest.value - gap.next.value;
      }),
      concentrationRise: list(({ evidence }) => largestRise(evidence.attention).rise),
    },
  };
}

/** Suspicion of a record by some coefficients, whatever it was scanned with. */
export function suspicionBy(score: Coefficients, { evidence }: AssessedReference): number {
  const clean = { suspicion: [], estimatedAsr: [], asrGap: [], concentrationRise: [] };
  return suspicionOf(evidence.signals as unknown as SignalSummary, { ...score, clean });
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}

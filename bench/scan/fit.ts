import type { Calibration, SignalSummary } from '../../server/src/scan/score';
import { largestRise } from '../../server/src/scan/attentionConcentration';
import { asrGap } from '../../server/src/scan/findings';
import { auroc, foundAt } from './evaluation';
import { fitLogistic, logistic, scoreOf, type Logistic, type Sample } from './logistic';
import type { AssessedRecord } from './records';
import { dataSets } from './zoo';

const names = ['rhoAsymmetry', 'gain', 'excessAsymmetry'] as const satisfies readonly (keyof SignalSummary)[];

/** Score A: the coefficients that earlier work fitted on 188 models of seven data sets (docs/detection.md). */
const scoreA: Logistic = {
  mean: [1.328, 2.232, 1.908],
  deviation: [0.654, 1.341, 1.481],
  weights: [0.394, 1.025, 0.578],
  intercept: 0.317,
};

/** A way to score a record, given the records that it may learn from. */
type Scorer = (training: readonly AssessedRecord[]) => (record: AssessedRecord) => number;

const published: Scorer = () => (record) => scoreOf(scoreA, features(record));

const refitted: Scorer = (training) => {
  const model = fitLogistic(training.map(sample));
  return (record) => scoreOf(model, features(record));
};

/** Chooses between the two by leave-one-data-set-out inside the training records. */
const nested: Scorer = (training) => {
  const quality = (scorer: Scorer): number => {
    const scored = leaveOneDataSetOut(training, scorer);
    return auroc(scored.positives, scored.negatives);
  };
  return (quality(refitted) > quality(published) ? refitted : published)(training);
};

/** Figures that stand beside the score, to show what they are worth by themselves. */
const single: readonly (readonly [string, (record: AssessedRecord) => number])[] = [
  ...names.map((name) => [`signal ${name}`, (record: AssessedRecord) => record.evidence.signals[name]] as const),
  ['estimated ASR', ({ evidence }) => evidence.estimatedAsr.value],
  ['estimated ASR, gap between classes', gapOf],
  ['attention concentration, rise', riseOf],
  ['attention concentration, share', shareOf],
];

interface Scored {
  readonly positives: number[];
  readonly negatives: number[];
}

/** Scores every record by a scorer that learnt from the other data sets only. */
function leaveOneDataSetOut(records: readonly AssessedRecord[], scorer: Scorer): Scored {
  const scored: Scored = { positives: [], negatives: [] };
  for (const dataSet of new Set(records.map((record) => record.dataSet))) {
    const score = scorer(records.filter((record) => record.dataSet !== dataSet));
    for (const record of records.filter((other) => other.dataSet === dataSet)) {
      (record.attack === undefined ? scored.negatives : scored.positives).push(score(record));
    }
  }
  return scored;
}

/** The evaluation as a Markdown table. */
export function evaluationTable(records: readonly AssessedRecord[]): string {
  const row = (name: string, scorer: Scorer): string => {
    const { positives, negatives } = leaveOneDataSetOut(records, scorer);
    const perSet = dataSets.map((dataSet) => {
      const own = records.filter((record) => record.dataSet === dataSet);
      const score = scorer(records.filter((record) => record.dataSet !== dataSet));
      const of = (clean: boolean): number[] => own.filter(({ attack }) => (attack === undefined) === clean).map(score);
      return auroc(of(false), of(true)).toFixed(2);
    });
    const found = [0.05, 0.1].map((rate) => foundAt(rate, positives, negatives).toFixed(2));
    return `| ${[name, auroc(positives, negatives).toFixed(2), ...perSet, ...found].join(' | ')} |`;
  };
  const backdoored = records.filter((record) => record.attack !== undefined);
  const named = backdoored.filter(({ target, evidence }) => evidence.target === target);
  return [
    `${records.length - backdoored.length} clean and ${backdoored.length} backdoored models; ` +
      `target class named right for ${named.length} of ${backdoored.length}.`,
    '',
    `| score | AUROC | ${dataSets.join(' | ')} | found at 5% | found at 10% |`,
    `|${' --- |'.repeat(dataSets.length + 4)}`,
    row('score A, published coefficients', published),
    row('the same signals, refitted on the other data sets', refitted),
    row('choice between the two, nested', nested),
    ...single.map(([name, score]) => row(name, () => score)),
  ].join('\n');
}

/** Coefficients and reference lists. @param refit use coefficients of all records instead of the published ones */
export function calibrate(records: readonly AssessedRecord[], refit: boolean): Calibration {
  const model = refit ? fitLogistic(records.map(sample)) : scoreA;
  const clean = records.filter((record) => record.attack === undefined);
  const list = (value: (record: AssessedRecord) => number): number[] =>
    clean
      .map(value)
      .map(rounded)
      .sort((a, b) => a - b);
  const signal = (j: number): Calibration['signals']['gain'] => ({
    mean: rounded(model.mean[j]),
    deviation: rounded(model.deviation[j]),
    weight: rounded(model.weights[j]),
  });
  return {
    signals: { rhoAsymmetry: signal(0), gain: signal(1), excessAsymmetry: signal(2) },
    intercept: rounded(model.intercept),
    clean: {
      suspicion: list((record) => logistic(scoreOf(model, features(record)))),
      estimatedAsr: list(({ evidence }) => evidence.estimatedAsr.value),
      asrGap: list(gapOf),
      concentrationRise: list(riseOf),
    },
  };
}

function features({ evidence }: AssessedRecord): number[] {
  return names.map((name) => evidence.signals[name]);
}

function sample(record: AssessedRecord): Sample {
  return { features: features(record), positive: record.attack !== undefined };
}

function gapOf({ evidence }: AssessedRecord): number {
  const gap = asrGap(evidence.estimatedAsrByClass);
  return gap === undefined ? 0 : gap.easiest.value - gap.next.value;
}

function riseOf({ evidence }: AssessedRecord): number {
  return largestRise(evidence.attention).rise;
}

function shareOf({ evidence }: AssessedRecord): number {
  return Math.max(...evidence.attention.map(({ triggered }) => triggered));
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}

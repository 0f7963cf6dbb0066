import type { SignalName } from '../../server/src/scan/score';
import { auroc } from './evaluation';
import { fitLogistic, scoreOf, type Logistic } from './logistic';
import { isBackdoored, type AssessedReference } from './referenceRecords';

/** Sets of signals that a score may be made of, by their number; which one is chosen inside the training part. */
export const candidates: readonly (readonly SignalName[])[] = [
  ['trace'],
  ['trace', 'rhoAsymmetry'],
  ['trace', 'gain'],
  ['rhoAsymmetry', 'gain', 'excessAsymmetry'],
  ['trace', 'rhoAsymmetry', 'gain'],
  ['trace', 'rhoAsymmetry', 'gain', 'excessAsymmetry'],
];

/** A score fitted on some records: log-odds of a record. */
export interface FittedScore {
  readonly signals: readonly SignalName[];
  readonly model: Logistic;
}

function logOdds({ signals, model }: FittedScore, record: AssessedReference): number {
  return scoreOf(model, signalsOf(record, signals));
}

/** Fits a score of given signals. */
export function fitScore(records: readonly AssessedReference[], signals: readonly SignalName[]): FittedScore {
  const samples = records.map((record) => ({
    features: signalsOf(record, signals),
    positive: isBackdoored(record),
  }));
  return { signals, model: fitLogistic(samples) };
}

/** AUROC that a further signal must be worth: less is within what a choice among few models makes of chance. */
const worthwhile = 0.01;

/**
 * Chooses among the candidates by leave-one-data-set-out inside the records, and fits that one on all of them: the first,
 * candidates having ever more signals, that none beats by 0.01. Scores in which a signal speaks against a backdoor are
 * passed over: every signal was made to speak for one.
 */
export function selectScore(records: readonly AssessedReference[]): FittedScore {
  const fitted = candidates.map((signals) => fitScore(records, signals));
  const sensible = fitted.filter(({ model }) => model.weights.every((weight) => weight > 0));
  const qualities = sensible.map(({ signals }) =>
    aurocOf(leaveOut(records, dataSetOf, (training) => fitScore(training, signals))),
  );
  const chosen = sensible.find((_, i) => qualities[i] > Math.max(...qualities) - worthwhile);
  if (chosen === undefined) throw new RangeError('every score has a signal that speaks against a backdoor');
  return chosen;
}

/** A record with the score that it got from records that exclude its group. */
export interface Scored {
  readonly record: AssessedReference;
  readonly score: number;
  /** Conformal false-alarm rate among the clean models that the score was fitted on. */
  readonly rate: number;
  readonly by: FittedScore;
  /** Of a clean model: what it got with each attack left out. */
  readonly withoutAttack?: ReadonlyMap<string, Scored>;
}

/** Scores every record by a score fitted on the records of the other groups. */
export function leaveOut(
  records: readonly AssessedReference[],
  groupOf: (record: AssessedReference) => string,
  fit: (training: readonly AssessedReference[]) => FittedScore = selectScore,
): Scored[] {
  return [...new Set(records.map(groupOf))].flatMap((group) => {
    const [training, tested] = divide(records, (record) => groupOf(record) !== group);
    return scoreAll(tested, training, fit);
  });
}

/**
 * Scores every record by a score fitted without its data set and without its attack. A clean model has no attack of its
 * own: it gets the mean over the attacks left out in turn.
 */
export function leaveDataSetAndAttackOut(records: readonly AssessedReference[]): Scored[] {
  const attacks = [...new Set(records.flatMap(({ attack }) => (attack ? [attack.kind] : [])))];
  return [...new Set(records.map(dataSetOf))].flatMap((dataSet) => {
    const [others, own] = divide(records, (record) => record.dataSet !== dataSet);
    const clean = own.filter((record) => !isBackdoored(record));
    const byAttack = attacks.map((kind) => {
      const training = others.filter(({ attack }) => attack?.kind !== kind);
      const attacked = own.filter(({ attack }) => attack?.kind === kind);
      const scored = scoreAll([...clean, ...attacked], training, selectScore);
      return { kind, clean: scored.slice(0, clean.length), attacked: scored.slice(clean.length) };
    });
    const meanClean = clean.map((record, i) => ({
      record,
      score: average(byAttack.map((scores) => scores.clean[i].score)),
      rate: average(byAttack.map((scores) => scores.clean[i].rate)),
      by: byAttack[0].clean[i].by,
      withoutAttack: new Map(byAttack.map((scores) => [scores.kind, scores.clean[i]])),
    }));
    return [...meanClean, ...byAttack.flatMap((scores) => scores.attacked)];
  });
}

/** The models of an attack, and the clean ones as the same scores see them. */
export function besideClean(scored: readonly Scored[], attack: string): Scored[] {
  return scored.flatMap((one) => {
    if (!isBackdoored(one.record)) return [one.withoutAttack?.get(attack) ?? one];
    return one.record.attack?.kind === attack ? [one] : [];
  });
}

function scoreAll(
  tested: readonly AssessedReference[],
  training: readonly AssessedReference[],
  fit: (training: readonly AssessedReference[]) => FittedScore,
): Scored[] {
  const by = fit(training);
  const clean = training.filter((record) => !isBackdoored(record)).map((record) => logOdds(by, record));
  return tested.map((record) => {
    const score = logOdds(by, record);
    const rate = (1 + clean.filter((other) => other >= score).length) / (1 + clean.length);
    return { record, score, rate, by };
  });
}

export function dataSetOf({ dataSet }: AssessedReference): string {
  return dataSet;
}

export function aurocOf(scored: readonly Scored[]): number {
  return auroc(...scoresOf(scored));
}

/** Scores of the backdoored models, and of the clean ones. */
export function scoresOf(scored: readonly Scored[]): [positives: number[], negatives: number[]] {
  const [positives, negatives] = divide(scored, ({ record }) => isBackdoored(record));
  return [positives.map(({ score }) => score), negatives.map(({ score }) => score)];
}

/** Share of the backdoored, or of the clean models that a finding at a false-alarm rate is raised on. */
export function raised(scored: readonly Scored[], rate: number, backdoored: boolean): number {
  const own = scored.filter(({ record }) => isBackdoored(record) === backdoored);
  return own.filter((one) => one.rate <= rate).length / own.length;
}

/** Those that pass and those that do not, in their order. */
export function divide<T>(items: readonly T[], passes: (item: T) => boolean): [T[], T[]] {
  return [items.filter(passes), items.filter((item) => !passes(item))];
}

function signalsOf({ evidence }: AssessedReference, names: readonly SignalName[]): number[] {
  return names.map((name) => evidence.signals[name]);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

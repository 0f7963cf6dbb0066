import { Rng } from '../../server/src/graph/rng';
import { markdownTable } from '../../server/src/report/markdown';
import { auroc } from './evaluation';
import { easeGap, lossGap, type Way } from './inversionWays';
import { fitLogistic, scoreOf, type Sample } from './logistic';
import { isBackdoored } from './referenceRecords';
import { divide } from './validation';

interface ModelSample extends Sample {
  readonly dataSet: string;
}

const resamples = 1000;

/**
 * What signals of inversion add to the trace: the AUROC with them less that without, by logistic regressions fitted on
 * the other data sets.
 *
 * @param traceOf the trace of a model by its name; models without one are left out
 */
export function besideTrace(ways: readonly Way[], traceOf: (name: string) => number | undefined): string {
  const samples = ({ found }: Way, signals: (one: Way['found'][number]) => readonly number[]): ModelSample[] =>
    found.flatMap((one) => {
      const { model } = one;
      const trace = traceOf(model.name);
      if (trace === undefined) return [];
      return [{ dataSet: model.dataSet, features: [trace, ...signals(one)], positive: isBackdoored(model) }];
    });
  const trace = scoredWithoutOwnData(samples(ways[0], () => []));
  const cells = (scores: readonly Scored[]): string[] => [aurocOf(scores).toFixed(3), gainText(scores, trace)];
  const rows = ways.flatMap((way) => [
    [way.title, 'flips', ...cells(scoredWithoutOwnData(samples(way, (one) => [easeGap(one)])))],
    [way.title, 'loss', ...cells(scoredWithoutOwnData(samples(way, (one) => [lossGap(one)])))],
  ]);
  return markdownTable([
    ['sought', 'signal beside the trace', 'AUROC', 'more than the trace alone (95% interval)'],
    ['-', '-', aurocOf(trace).toFixed(3), '-'],
    ...rows,
  ]);
}

interface Scored {
  readonly positive: boolean;
  readonly score: number;
}

/** In the order of the data sets, and within them of the samples. */
function scoredWithoutOwnData(samples: readonly ModelSample[]): Scored[] {
  return [...new Set(samples.map(({ dataSet }) => dataSet))].flatMap((dataSet) => {
    const [tested, training] = divide(samples, (sample) => sample.dataSet === dataSet);
    const fitted = fitLogistic(training);
    return tested.map(({ features, positive }) => ({ positive, score: scoreOf(fitted, features) }));
  });
}

function aurocOf(scored: readonly Scored[]): number {
  const [positives, negatives] = divide(scored, ({ positive }) => positive);
  return auroc(
    positives.map(({ score }) => score),
    negatives.map(({ score }) => score),
  );
}

/** Difference of two AUROCs of the same models, with its interval by bootstrap over models, clean and backdoored apart. */
function gainText(scores: readonly Scored[], before: readonly Scored[]): string {
  const groups = divide([...scores.keys()], (i) => scores[i].positive);
  const rng = new Rng(0, 'gain of AUROC');
  const gains = Array.from({ length: resamples }, () => {
    const drawn = groups.flatMap((group) => group.map(() => rng.pick(group)));
    return aurocOf(drawn.map((i) => scores[i])) - aurocOf(drawn.map((i) => before[i]));
  }).sort((a, b) => a - b);
  const [low, high] = [gains[Math.floor(0.025 * resamples)], gains[Math.floor(0.975 * resamples)]];
  return `${signed(aurocOf(scores) - aurocOf(before))} (${signed(low)} to ${signed(high)})`;
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}

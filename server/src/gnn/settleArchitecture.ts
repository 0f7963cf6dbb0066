import type { ArchitectureOverride } from '../../../protocol/manifest';
import type { Tensor } from '../checkpoint/checkpoint';
import type { FeatureLayout, Graph } from '../graph/graph';
import { recogniseArchitecture, type Recognition } from './recognise';
import { partText, type Question, type SettledPart, type Settings } from './recognition/settings';
import { meanOf } from './temperedLoss';
import { readoutsOf, Trials, type Trial } from './trials';
import { canBeBeaten, clearlyBetter, count, shareText } from './signTest';
import { doubtOn } from './doubt';

/** So often chance may bring what makes another choice replace what is assumed, all choices together (Bonferroni). */
const significance = 0.01;

/** Combinations of two parts that are tried where no single one does better than the most frequent class. */
const mostPairs = 40;

/**
 * Settles by clean labels what a recognition had to assume because it leaves no tensors: readout, activation functions,
 * residual connections and the like. What is assumed stays unless another choice predicts the labels better than chance
 * would have it (sign test on the graphs that only one of the two gets right). The readout is settled where it is
 * clearly better than each of the others.
 *
 * @param graphs graphs whose class labels are right
 * @returns the recognition with what was settled and notes with all accuracies; a readout that is not settled stays a
 *   guess: of those that are not clearly worse than the best, the one that is usual in the dialect, else the first of
 *   `readouts`, or one whose probabilities clearly fit the labels better once their scale is fitted, because sums are
 *   larger than means. `unsettled` where a part is assumed and the model does not clearly predict the labels with it.
 *   Unchanged where nothing is open
 */
export function settleArchitecture(
  tensors: ReadonlyMap<string, Tensor>,
  recognition: Recognition,
  graphs: readonly Graph[],
  layout: FeatureLayout,
): Recognition {
  if (recognition.questions.length === 0 || graphs.length === 0) return recognition;
  const trials = new Trials(tensors, recognition, graphs, layout);
  const settled = search(trials, recognition.questions, majorityOf(graphs));
  return described(tensors, recognition, trials, settled, graphs);
}

/** From what is assumed on, takes the choice that is clearly better until there is none. */
function search(trials: Trials, questions: readonly Question[], majority: readonly boolean[]): Trial {
  const changes = questions.filter(({ part }) => part !== 'readout' && part !== 'secondReadout').flatMap(alternatives);
  let current = best(trials.withReadouts({}));
  for (;;) {
    const better = clearlyBest(trials, current, changes, majority);
    if (better === undefined) break;
    current = better;
  }
  if (clearlyBetter(current.hits, majority)) return current;
  const pairs = changes.flatMap((one, i) => changes.slice(i + 1).map((other) => ({ ...one, ...other })));
  return clearlyBest(trials, current, pairs.slice(0, mostPairs), majority, { isReadoutKept: true }) ?? current;
}

/** The best of some changes, where it is clearly better, and better than always the most frequent class. */
function clearlyBest(
  trials: Trials,
  current: Trial,
  changes: readonly Settings[],
  majority: readonly boolean[],
  { isReadoutKept = false } = {},
): Trial | undefined {
  const level = significance / changes.length;
  if (changes.length === 0 || !canBeBeaten(current.hits, level)) return undefined;
  const tried = changes.map((change) => ({ ...current.chosen, ...change }));
  const found = best(tried.flatMap((chosen) => (isReadoutKept ? [trials.of(chosen)] : trials.withReadouts(chosen))));
  const isAny = count(found.hits) > count(majority);
  return isAny && clearlyBetter(found.hits, current.hits, level) ? found : undefined;
}

/** What else a part could be than what is assumed. */
function alternatives({ part, values: [, ...others] }: Question): Settings[] {
  return others.map((value) => ({ [part]: value }));
}

function best(trials: readonly Trial[]): Trial {
  return trials.reduce((a, b) => (count(b.hits) > count(a.hits) ? b : a));
}

/** Whether one's probabilities fit the labels better than another's, and on more graphs than chance would have it. */
function fitsBetter({ losses: a }: Trial, { losses: b }: Trial): boolean {
  const isLower = (of: readonly number[], than: readonly number[]) => of.map((loss, i) => loss < than[i]);
  return meanOf(a) < meanOf(b) && clearlyBetter(isLower(a, b), isLower(b, a));
}

/** Which graphs are of the most frequent class. */
function majorityOf(graphs: readonly Graph[]): boolean[] {
  const counts = new Map<number, number>();
  for (const { classLabel } of graphs) counts.set(classLabel, (counts.get(classLabel) ?? 0) + 1);
  const [[frequent]] = [...counts].sort(([, a], [, b]) => b - a);
  return graphs.map(({ classLabel }) => classLabel === frequent);
}

/** The recognition with what was settled, and in words how. */
function described(
  tensors: ReadonlyMap<string, Tensor>,
  recognition: Recognition,
  trials: Trials,
  settled: Trial,
  graphs: readonly Graph[],
): Recognition {
  const others = withoutReadouts(settled.chosen);
  const tried = trials.withReadouts(others);
  const left = tried.filter((trial) => trial === settled || !clearlyBetter(settled.hits, trial.hits));
  const isGuess = recognition.readoutIsGuess && left.length > 1;
  const taken = left.reduce((a, b) => (fitsBetter(b, a) ? b : a));
  const found = readoutsOf(taken.chosen);
  const override: ArchitectureOverride = { ...recognition.override, ...others, ...found };
  const result = recogniseArchitecture(tensors, override);
  const labels = graphs.map(({ classLabel }) => classLabel);
  // What labels have settled as well: a model that does not predict them settles nothing.
  const assumed = { ...others, ...(recognition.readoutIsGuess && found), ...assumedBy(result) };
  const unsettled = doubtOn(taken, { labels, majority: majorityOf(graphs) }, assumed);
  return {
    ...result,
    readoutIsGuess: isGuess,
    ...(unsettled && { unsettled }),
    notes: [
      ...result.notes,
      ...Object.entries(others).map(([part, value]) => {
        const without = trials.of({ ...settled.chosen, [part]: assumedOf(recognition, part as SettledPart) });
        return `Settled by the clean labels: ${partText(part as SettledPart, value)}, ${shareText(settled.hits)} against ${shareText(without.hits)} (${graphs.length} graphs).`;
      }),
      ...(unsettled ? [`What the model computes is not known for sure: ${unsettled.doubt}.`] : []),
      ...(recognition.readoutIsGuess
        ? [readoutNote(tried, settled, isGuess ? taken.chosen : undefined, graphs.length)]
        : []),
    ],
  };
}

/** What nobody vouches for and somebody could state. */
function assumedBy({ questions }: Recognition): Settings {
  return Object.fromEntries(
    questions.flatMap(({ part, values: [value] }) => (value === undefined ? [] : [[part, value]])),
  );
}

function assumedOf({ questions }: Recognition, part: SettledPart) {
  return questions.find((question) => question.part === part)?.values[0];
}

function withoutReadouts(chosen: Settings): Settings {
  return Object.fromEntries(Object.entries(chosen).filter(([part]) => part !== 'readout' && part !== 'secondReadout'));
}

/** `max`, or `max beside mean` */
function readoutText({ readout = 'sum', secondReadout }: Settings): string {
  return secondReadout === undefined ? readout : `${readout} beside ${secondReadout}`;
}

/** @param assumed the readout, where it is not settled */
function readoutNote(tried: readonly Trial[], settled: Trial, assumed: Settings | undefined, graphs: number): string {
  const text = ({ hits, chosen }: Trial, link: string): string => `${shareText(hits)} ${link} ${readoutText(chosen)}`;
  if (assumed !== undefined) {
    const shares = tried.map((trial) => text(trial, 'with')).join(', ');
    return `The readout leaves no tensors: ${readoutText(assumed)} is assumed; the clean labels do not settle it (${shares}, ${graphs} graphs).`;
  }
  const against = tried.filter((trial) => trial !== settled).map((trial) => text(trial, 'for'));
  return `Readout ${readoutText(settled.chosen)} settled by the clean labels: ${shareText(settled.hits)} against ${against.join(' and ')} (${graphs} graphs).`;
}

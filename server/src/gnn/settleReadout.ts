import { readouts, type Readout } from '../../../protocol/model';
import type { Tensor } from '../checkpoint/checkpoint';
import type { FeatureLayout, Graph } from '../graph/graph';
import { GraphModel } from './graphModel';
import { argmaxRows, predictLogits } from './predict';
import { guessedReadoutNote, type Recognition } from './recognise';

/** A difference that chance would bring more often than this settles nothing. */
const significance = 0.05;

/**
 * Settles a readout that was only guessed: the one under which the model predicts the clean labels best, where for each
 * of the others a sign test on the graphs that only one of the two gets right says that this is no chance.
 *
 * @param graphs graphs whose class labels are right
 * @returns the recognition with the readout settled and a note with all accuracies. Unchanged where the readout was
 *   given. Still a guess where none is clearly the best: the first of `readouts` that is not clearly worse than the best
 */
export function settleReadout(
  tensors: ReadonlyMap<string, Tensor>,
  recognition: Recognition,
  graphs: readonly Graph[],
  layout: FeatureLayout,
): Recognition {
  if (!recognition.readoutIsGuess || graphs.length === 0) return recognition;
  const trials = readouts.map((readout): Trial => {
    const hits = correct(tensors, withReadout(recognition, readout), graphs, layout);
    return { readout, hits, share: `${((100 * count(hits)) / graphs.length).toFixed(1)}%` };
  });
  const best = trials.reduce((a, b) => (count(b.hits) > count(a.hits) ? b : a));
  const left = trials.filter((trial) => trial === best || !clearlyBetter(best, trial));
  const others = recognition.notes.filter((note) => note !== guessedReadoutNote);
  if (left.length > 1) {
    const { readout } = left[0];
    const shares = trials.map((trial) => `${trial.share} with ${trial.readout}`).join(', ');
    const note = `The readout leaves no tensors: ${readout} is assumed; the clean labels do not settle it (${shares}, ${graphs.length} graphs).`;
    return { ...withReadout(recognition, readout), notes: [...others, note] };
  }
  const against = trials
    .filter((trial) => trial !== best)
    .map(({ readout, share }) => `${share} for ${readout}`)
    .join(' and ');
  const note = `Readout ${best.readout} settled by the clean labels: ${best.share} against ${against} (${graphs.length} graphs).`;
  return { ...withReadout(recognition, best.readout), notes: [...others, note], readoutIsGuess: false };
}

/** What the model predicts with one of the readouts. */
interface Trial {
  readonly readout: Readout;
  /** Which graphs it gets right. */
  readonly hits: readonly boolean[];
  /** How many, in words. */
  readonly share: string;
}

function clearlyBetter({ hits: a }: Trial, { hits: b }: Trial): boolean {
  const onlyA = count(a.map((hit, i) => hit && !b[i]));
  const onlyB = count(b.map((hit, i) => hit && !a[i]));
  return onlyA > onlyB && signTest(onlyA, onlyB) <= significance;
}

/** Two-sided probability of a split at least as uneven as this where each side is as likely. */
function signTest(a: number, b: number): number {
  const total = a + b;
  let probability = 0.5 ** total;
  let tail = 0;
  for (let k = 0; k <= Math.min(a, b); k++) {
    tail += probability;
    probability *= (total - k) / (k + 1);
  }
  return Math.min(1, 2 * tail);
}

function count(hits: readonly boolean[]): number {
  return hits.filter(Boolean).length;
}

function withReadout(recognition: Recognition, readout: Readout): Recognition {
  return { ...recognition, architecture: { ...recognition.architecture, readout } };
}

/** Which graphs are predicted right. */
function correct(
  tensors: ReadonlyMap<string, Tensor>,
  recognition: Recognition,
  graphs: readonly Graph[],
  layout: FeatureLayout,
): boolean[] {
  const model = GraphModel.fromCheckpoint(tensors, recognition);
  try {
    const predicted = argmaxRows(predictLogits(model, graphs, layout), recognition.architecture.classes);
    return graphs.map(({ classLabel }, i) => classLabel === predicted[i]);
  } finally {
    model.dispose();
  }
}

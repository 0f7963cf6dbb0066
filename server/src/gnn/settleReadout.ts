import type { Readout } from '../../../protocol/model';
import type { Tensor } from '../checkpoint/checkpoint';
import type { FeatureLayout, Graph } from '../graph/graph';
import { GraphModel } from './graphModel';
import { argmaxRows, predictLogits } from './predict';
import { guessedReadoutNote, type Recognition } from './recognise';

/** A difference that chance would bring more often than this settles nothing. */
const significance = 0.05;

/**
 * Settles a readout that was only guessed: the one under which the model predicts the clean labels better, where a
 * sign test on the graphs that only one of them gets right says that this is no chance.
 *
 * @param graphs graphs whose class labels are right
 * @returns the recognition with the readout settled and a note with both accuracies. Unchanged where the readout was
 *   given; still a guess where neither is clearly better
 */
export function settleReadout(
  tensors: ReadonlyMap<string, Tensor>,
  recognition: Recognition,
  graphs: readonly Graph[],
  layout: FeatureLayout,
): Recognition {
  if (!recognition.readoutIsGuess || graphs.length === 0) return recognition;
  const hits = (readout: Readout): boolean[] => correct(tensors, withReadout(recognition, readout), graphs, layout);
  const sum = hits('sum');
  const mean = hits('mean');
  const share = (hit: readonly boolean[]): string => `${((100 * count(hit)) / graphs.length).toFixed(1)}%`;
  const others = recognition.notes.filter((note) => note !== guessedReadoutNote);
  const onlySum = count(sum.map((hit, i) => hit && !mean[i]));
  const onlyMean = count(mean.map((hit, i) => hit && !sum[i]));
  if (signTest(onlySum, onlyMean) > significance) {
    const note = `The readout leaves no tensors: sum is assumed; the clean labels do not settle it (${share(sum)} with sum, ${share(mean)} with mean, ${graphs.length} graphs).`;
    return { ...recognition, notes: [...others, note] };
  }
  const [better, worse] = onlySum > onlyMean ? (['sum', 'mean'] as const) : (['mean', 'sum'] as const);
  const [high, low] = onlySum > onlyMean ? [sum, mean] : [mean, sum];
  const note = `Readout ${better} settled by the clean labels: ${share(high)} against ${share(low)} for ${worse} (${graphs.length} graphs).`;
  return { ...withReadout(recognition, better), notes: [...others, note], readoutIsGuess: false };
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

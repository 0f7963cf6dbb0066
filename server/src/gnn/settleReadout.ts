import type { Readout } from '../../../protocol/model';
import type { Tensor } from '../checkpoint/checkpoint';
import type { FeatureLayout, Graph } from '../graph/graph';
import { GinModel } from './gin';
import { argmaxRows, predictLogits } from './predict';
import { guessedReadoutNote, type Recognition } from './recognise';

/**
 * Settles a readout that was only guessed: the one under which the model predicts the clean labels better.
 *
 * @param graphs graphs whose class labels are right
 * @returns the recognition with the readout settled and a note with both accuracies. Unchanged where the readout was
 *   given; still a guess where both do equally well
 */
export function settleReadout(
  tensors: ReadonlyMap<string, Tensor>,
  recognition: Recognition,
  graphs: readonly Graph[],
  layout: FeatureLayout,
): Recognition {
  if (!recognition.readoutIsGuess || graphs.length === 0) return recognition;
  const correct = (readout: Readout): number =>
    correctCount(tensors, withReadout(recognition, readout), graphs, layout);
  const sum = correct('sum');
  const mean = correct('mean');
  const percent = (count: number): string => `${((100 * count) / graphs.length).toFixed(1)}%`;
  const others = recognition.notes.filter((note) => note !== guessedReadoutNote);
  if (sum === mean) {
    const note = `The readout leaves no tensors: sum is assumed; the clean labels do not settle it (${percent(sum)} with sum and with mean, ${graphs.length} graphs).`;
    return { ...recognition, notes: [...others, note] };
  }
  const better = sum > mean ? 'sum' : 'mean';
  const worse = sum > mean ? 'mean' : 'sum';
  const note = `Readout ${better} settled by the clean labels: ${percent(Math.max(sum, mean))} against ${percent(Math.min(sum, mean))} for ${worse} (${graphs.length} graphs).`;
  return { ...withReadout(recognition, better), notes: [...others, note], readoutIsGuess: false };
}

function withReadout(recognition: Recognition, readout: Readout): Recognition {
  return { ...recognition, architecture: { ...recognition.architecture, readout } };
}

function correctCount(
  tensors: ReadonlyMap<string, Tensor>,
  recognition: Recognition,
  graphs: readonly Graph[],
  layout: FeatureLayout,
): number {
  const model = GinModel.fromCheckpoint(tensors, recognition);
  try {
    const predicted = argmaxRows(predictLogits(model, graphs, layout), recognition.architecture.classes);
    return graphs.filter(({ classLabel }, i) => classLabel === predicted[i]).length;
  } finally {
    model.dispose();
  }
}

import type { ArchitectureSummary } from '../../../protocol/model';
import { GraphModel } from '../gnn/graphModel';
import { trainClassifier, type TrainOptions } from '../gnn/train';
import type { Graph } from '../graph/graph';
import { Rng } from '../graph/rng';
import type { AttackInput } from './attack';

/** One training of an attack: its name, and what part of the attack's progress it is. */
export interface TrainStage {
  /** `Surrogate` or `Model`. */
  readonly stage: string;
  /** Share of the attack done before it, and after it. */
  readonly from: number;
  readonly to: number;
  /** Other than the attack's own training settings. */
  readonly settings?: Partial<Pick<TrainOptions, 'epochs' | 'learningRate' | 'furtherLoss'>>;
  /** Default: the attack's. */
  readonly seed?: number;
}

/** Trains a model on graphs as a part of an attack, with the attack's settings, progress and signal. */
export async function trainStage(
  model: GraphModel,
  graphs: readonly Graph[],
  { layout, training, seed, signal, onProgress }: AttackInput,
  { stage, from, to, settings, seed: ownSeed = seed }: TrainStage,
): Promise<void> {
  await trainClassifier(model, graphs, layout, {
    ...training,
    ...settings,
    seed: ownSeed,
    signal,
    progress: ({ epoch, epochs }) =>
      onProgress?.({ stage, epoch, epochs, fraction: from + ((to - from) * epoch) / epochs }),
  });
}

/**
 * A model trained from new weights; the caller disposes it.
 *
 * @param purpose names the stream of its initial weights
 */
export async function trainedModel(
  architecture: ArchitectureSummary,
  purpose: string,
  graphs: readonly Graph[],
  input: AttackInput,
  stage: TrainStage,
): Promise<GraphModel> {
  const model = GraphModel.random(architecture, new Rng(input.seed, purpose));
  try {
    await trainStage(model, graphs, input, stage);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

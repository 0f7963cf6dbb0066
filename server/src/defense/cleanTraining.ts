import type { GraphModel } from '../gnn/graphModel';
import { collate, type GraphBatch } from '../graph/batch';
import type { Rng } from '../graph/rng';
import { trainingFigures, type DefenseContext } from './context';
import { Descent, type LossTerm } from './descent';
import type { FineTuneOptions } from './graphnadSettings';
import type { PurifyStage } from './run';

/** How BatchNorm takes part in training on the clean graphs. */
export function normalisation({ fineTuneStatistics }: FineTuneOptions): { readonly training: boolean } {
  return { training: fineTuneStatistics === 'batch' };
}

/** An epoch over few graphs is soon over: measured more often than so, the flip ASR would take more time than it may. */
const asrPoints = 10;

export interface CleanTraining {
  /** What progress is reported as. */
  readonly stage: PurifyStage;
  readonly epochs: number;
  readonly learningRate: number;
  /** What is minimised on a batch of clean graphs. */
  readonly terms: (model: GraphModel, batch: GraphBatch) => LossTerm[];
  /** Restores what training must not change. */
  readonly afterStep?: (model: GraphModel) => void;
  readonly rng: Rng;
}

/**
 * Trains a model in place on the clean graphs alone, in new random batches every epoch; Adam, with a learning rate that
 * falls to 0 along a half cosine.
 *
 * @throws TrainingDivergedError where the loss is not finite
 * @throws the abort signal's reason
 */
export async function trainOnClean(
  context: DefenseContext<FineTuneOptions>,
  model: GraphModel,
  training: CleanTraining,
): Promise<void> {
  const { clean, options, run } = context;
  const { stage, epochs, learningRate, terms, afterStep, rng } = training;
  const steps = epochs * Math.ceil(clean.length / options.fineTuneBatch);
  const descent = new Descent(model, { learningRate, steps, finalLearningRate: 0, gradientNorm: Infinity });
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      for (const batch of cleanBatches(context, rng)) {
        await run.breathe();
        descent.step(() => terms(model, batch));
        afterStep?.(model);
      }
      const withAsr = epoch === 1 || epoch % Math.ceil(epochs / asrPoints) === 0 || epoch === epochs;
      run.report({
        stage,
        epoch,
        epochs,
        losses: descent.takeMeans(),
        ...trainingFigures(context, { model }, withAsr),
      });
    }
  } finally {
    descent.dispose();
  }
}

/** The clean graphs in random batches of nearly equal size: a batch of a few graphs has no statistics to speak of. */
function* cleanBatches({ clean, layout, options }: DefenseContext<FineTuneOptions>, rng: Rng): Generator<GraphBatch> {
  const order = rng.permutation(clean.length);
  const count = Math.ceil(clean.length / options.fineTuneBatch);
  for (let b = 0; b < count; b++) {
    const from = Math.floor((b * order.length) / count);
    const to = Math.floor(((b + 1) * order.length) / count);
    const members = Array.from(order.subarray(from, to), (i) => clean[i]);
    yield collate(members, layout);
  }
}

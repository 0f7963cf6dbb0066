import type { GraphModel } from '../gnn/graphModel';
import { collate, type GraphBatch } from '../graph/batch';
import type { Rng } from '../graph/rng';
import { cleanAccuracy, type PurifyContext } from './context';
import { Descent, type LossTerm } from './descent';
import { guidanceTerms, guide } from './guidance';
import { crossEntropy } from './losses';
import type { PurifyStage } from './run';

/** BatchNorm normalises by the batch and updates its statistics, as in ordinary training of a PyTorch model. */
const asUsual = { training: true };

/**
 * The baseline: a copy of the suspect trained on the clean graphs with cross-entropy and nothing else.
 *
 * @param stage what progress is reported as
 * @returns the fine-tuned model; the caller disposes it
 * @throws the abort signal's reason
 */
export function fineTune(context: PurifyContext, stage: PurifyStage, rng: Rng): Promise<GraphModel> {
  const { fineTuneEpochs: epochs, fineTuneLearningRate: learningRate } = context.options;
  const terms = (model: GraphModel, batch: GraphBatch): LossTerm[] => [
    { name: 'ce', weight: 1, value: crossEntropy(model.forward(batch, asUsual).logits, batch.classLabels) },
  ];
  return trainOnClean(context, { stage, epochs, learningRate, terms, rng });
}

/**
 * The published distillation (arXiv 2501.05835): a copy of the suspect trained on the clean graphs with
 * CE + alpha L_AD + beta L_RC toward a fine-tuned teacher.
 *
 * @returns the student; the caller disposes it
 * @throws the abort signal's reason
 */
export function distilOnClean(context: PurifyContext, teacher: GraphModel, rng: Rng): Promise<GraphModel> {
  const { options } = context;
  const { paperEpochs: epochs, paperLearningRate: learningRate } = options;
  let steps = 0;
  const terms = (model: GraphModel, batch: GraphBatch): LossTerm[] => {
    const guidance = guide(teacher.forward(batch).layers, batch, options, rng);
    const { logits, layers } = model.forward(batch, asUsual);
    return [
      { name: 'ce', weight: 1, value: crossEntropy(logits, batch.classLabels) },
      ...guidanceTerms(layers, batch, guidance, steps++, options, rng),
    ];
  };
  return trainOnClean(context, { stage: 'student', epochs, learningRate, terms, rng });
}

interface CleanTraining {
  readonly stage: PurifyStage;
  readonly epochs: number;
  readonly learningRate: number;
  readonly terms: (model: GraphModel, batch: GraphBatch) => LossTerm[];
  readonly rng: Rng;
}

/** Trains a copy of the suspect on the clean graphs, in new random batches every epoch. */
async function trainOnClean(context: PurifyContext, training: CleanTraining): Promise<GraphModel> {
  const { suspect, clean, options, run } = context;
  const { stage, epochs, learningRate, terms, rng } = training;
  const model = suspect.clone();
  const steps = epochs * Math.ceil(clean.length / options.fineTuneBatch);
  const descent = new Descent(model, { learningRate, steps, finalLearningRate: 0, gradientNorm: Infinity });
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      for (const batch of cleanBatches(context, rng)) {
        await run.breathe();
        descent.step(() => terms(model, batch));
      }
      run.report({ stage, epoch, epochs, losses: descent.takeMeans(), accuracy: cleanAccuracy(context, { model }) });
    }
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    descent.dispose();
  }
}

/** The clean graphs in random batches of nearly equal size: a batch of a few graphs has no statistics to speak of. */
function* cleanBatches({ clean, layout, options }: PurifyContext, rng: Rng): Generator<GraphBatch> {
  const order = rng.permutation(clean.length);
  const count = Math.ceil(clean.length / options.fineTuneBatch);
  for (let b = 0; b < count; b++) {
    const from = Math.floor((b * order.length) / count);
    const to = Math.floor(((b + 1) * order.length) / count);
    const members = Array.from(order.subarray(from, to), (i) => clean[i]);
    yield collate(members, layout);
  }
}

import type { GraphModel } from '../gnn/graphModel';
import { normalisation, trainOnClean, type CleanTraining } from './cleanTraining';
import type { DefenseContext } from './context';
import type { Defense } from './defense';
import type { FineTuneOptions } from './graphnadSettings';
import { crossEntropy } from './losses';

/** The baseline: nothing but fine-tuning, which every purification begins with for comparison. */
export const fineTuning: Defense<FineTuneOptions> = {
  name: 'finetune',
  source: 'training goes on with the clean graphs alone',
  fineTunedIs: 'result',
  run: async (_context, { fineTuned }) => ({ student: await fineTuned() }),
};

/**
 * Goes on training a model on the clean graphs with cross-entropy and nothing else.
 *
 * @param model is changed
 * @throws TrainingDivergedError, the abort signal's reason
 */
export function fineTune(
  context: DefenseContext<FineTuneOptions>,
  model: GraphModel,
  { stage, rng, afterStep }: Pick<CleanTraining, 'stage' | 'rng' | 'afterStep'>,
): Promise<void> {
  const { fineTuneEpochs: epochs, fineTuneLearningRate: learningRate } = context.options;
  const mode = normalisation(context.options);
  const terms: CleanTraining['terms'] = (trained, batch) => [
    { name: 'ce', weight: 1, value: crossEntropy(trained.forward(batch, mode).logits, batch.classLabels) },
  ];
  return trainOnClean(context, model, { stage, epochs, learningRate, terms, afterStep, rng });
}

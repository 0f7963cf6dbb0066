import type { GraphModel } from '../gnn/graphModel';
import type { LayerOutput } from '../gnn/layerOutput';
import type { GraphBatch } from '../graph/batch';
import type { Rng } from '../graph/rng';
import type { DistillationOptions } from './baselineSettings';
import { normalisation, trainOnClean, type CleanTraining } from './cleanTraining';
import type { DefenseContext } from './context';
import type { LossTerm } from './descent';
import { crossEntropy } from './losses';

/**
 * Looks at a teacher on a batch, and tells what a student of its own layers loses by being different.
 *
 * @param layers the teacher's layer outputs
 */
export type TeacherView = (
  layers: readonly LayerOutput[],
  batch: GraphBatch,
) => (student: readonly LayerOutput[], step: number) => LossTerm[];

/**
 * Trains a student on the clean graphs with cross-entropy and what draws it toward a teacher that was trained on them,
 * as attention distillation does it (Li et al. 2021).
 *
 * @param student starts as a copy of the suspect; changed
 * @param view what the student is to have of the teacher
 * @throws TrainingDivergedError, the abort signal's reason
 */
export function distilOnClean(
  context: DefenseContext<DistillationOptions>,
  student: GraphModel,
  teacher: GraphModel,
  view: TeacherView,
  rng: Rng,
): Promise<void> {
  const { distillationEpochs: epochs, distillationLearningRate: learningRate } = context.options;
  const mode = normalisation(context.options);
  let steps = 0;
  const terms: CleanTraining['terms'] = (model, batch) => {
    const toward = view(teacher.forward(batch).layers, batch);
    const { logits, layers } = model.forward(batch, mode);
    return [{ name: 'ce', weight: 1, value: crossEntropy(logits, batch.classLabels) }, ...toward(layers, steps++)];
  };
  return trainOnClean(context, student, { stage: 'student', epochs, learningRate, terms, rng });
}

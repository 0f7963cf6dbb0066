import type { LayerOutput } from '../gnn/layerOutput';
import type { GraphBatch } from '../graph/batch';
import type { Rng } from '../graph/rng';
import type { DistillationOptions } from './baselineSettings';
import { normalisation, trainOnClean, type CleanTraining } from './cleanTraining';
import type { DefenseContext } from './context';
import type { DefenseMeans, Purified } from './defense';
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
 * Trains a copy of the suspect on the clean graphs with cross-entropy and what draws it toward the fine-tuned model, its
 * teacher, as attention distillation does it (Li et al. 2021).
 *
 * @param viewWith what the student is to have of the teacher, given the random numbers of its training
 * @throws TrainingDivergedError, the abort signal's reason
 */
export async function distilFineTuned(
  context: DefenseContext<DistillationOptions>,
  { fineTuned, stream, keep }: DefenseMeans,
  viewWith: (rng: Rng) => TeacherView,
): Promise<Purified> {
  const teacher = await fineTuned();
  const student = keep(context.suspect.clone());
  const rng = stream('student');
  const view = viewWith(rng);
  const { distillationEpochs: epochs, distillationLearningRate: learningRate } = context.options;
  const mode = normalisation(context.options);
  let steps = 0;
  const terms: CleanTraining['terms'] = (model, batch) => {
    const toward = view(teacher.forward(batch).layers, batch);
    const { logits, layers } = model.forward(batch, mode);
    return [{ name: 'ce', weight: 1, value: crossEntropy(logits, batch.classLabels) }, ...toward(layers, steps++)];
  };
  await trainOnClean(context, student, { stage: 'student', epochs, learningRate, terms, rng });
  return { student, teacher };
}

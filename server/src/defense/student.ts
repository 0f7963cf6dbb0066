import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel } from '../gnn/graphModel';
import { predictLogits } from '../gnn/predict';
import type { GraphBatch } from '../graph/batch';
import type { Rng } from '../graph/rng';
import type { BoundedModel, PurifyContext } from './context';
import type { LossTerm } from './descent';
import { guidanceTerms, guide, type Guidance } from './guidance';
import { crossEntropy, firstHalf, secondHalf, softTargetLoss } from './losses';
import type { GraphnadOptions } from './options';
import { drawPool, pairedBatches, pairedRows, type PairedBatch } from './pool';
import { trainCopyInRounds } from './rounds';
import { balancedWeights, softmaxRows } from './softLabels';
import { SuspectLabels } from './suspectLabels';
import { TriggerSource, worstTriggeredCopies } from './triggeredCopies';

/**
 * Distils the bounded teacher into a plain model of the suspect's own shape, the one that is written to disk: the
 * suspect learns, on graphs and on triggered copies, what the teacher and its own untrained self answer on the graphs,
 * and the teacher's attention and layer relations (docs/method.md, step 5).
 *
 * @returns the student; the caller disposes it
 * @throws TrainingDivergedError, the abort signal's reason
 */
export function trainStudent(context: PurifyContext, teacher: BoundedModel, rng: Rng): Promise<GraphModel> {
  const { options } = context;
  const sources = {
    labels: new SuspectLabels(context),
    triggers: new TriggerSource(context.clean, context.layout, options),
  };
  return trainCopyInRounds<StudentStep>(context, (student) => ({
    stage: 'student',
    rounds: options.studentRounds,
    epochs: options.studentEpochs,
    learningRate: options.studentLearningRate,
    averagedShare: options.studentAveragedShare,
    prepare: () => prepareRound(context, teacher, student, sources, rng),
    terms: (step, count) => studentTerms(student, step, count, options, rng),
    dispose: disposeStep,
  }));
}

/** One batch with all that the frozen teacher says about it. */
interface StudentStep extends PairedBatch {
  /**
   * Soft labels of the graphs, and again for their copies, `[graphs and copies, classes]`: on a graph without the
   * trigger the teacher is right more often than on the copy.
   */
  readonly targets: Float32Array;
  /** 1 for clean graphs (and their copies), whose class is known, `[graphs and copies]`. */
  readonly labelled: Float32Array;
  /** Class-balanced weights, `[graphs and copies]`. */
  readonly balance: Float32Array;
  readonly guidance: Guidance;
}

function prepareRound(
  context: PurifyContext,
  teacher: BoundedModel,
  student: GraphModel,
  { labels, triggers }: { readonly labels: SuspectLabels; readonly triggers: TriggerSource },
  rng: Rng,
): StudentStep[] {
  const { clean, layout, options } = context;
  const { classes } = student.architecture;
  const pool = drawPool(clean, options, rng);
  const taught = softmaxRows(predictLogits(teacher.model, pool.graphs, layout, teacher), classes);
  const targets = blend(taught, labels.of(pool), options.studentTeacherShare);
  const triggered = worstTriggeredCopies(
    pool.graphs,
    targets,
    (graphs) => predictLogits(student, graphs, layout),
    triggers,
    { candidates: options.studentCandidates, worstShare: options.worstShare },
    rng,
  );
  const balance = balancedWeights(targets, classes, options.balanceCap);
  const labelled = Float32Array.from(pool.source, (source) => (source >= 0 ? 1 : 0));
  return pairedBatches(pool.graphs, triggered, options.batch, layout, rng).map((paired) => ({
    ...paired,
    targets: pairedRows(targets, classes, paired.members),
    labelled: pairedRows(labelled, 1, paired.members),
    balance: pairedRows(balance, 1, paired.members),
    guidance: guidanceOf(teacher, paired.batch, options, rng),
  }));
}

/** `share` of the first and the rest of the second, element by element. */
function blend(first: Float32Array, second: Float32Array, share: number): Float32Array {
  return first.map((value, i) => share * value + (1 - share) * second[i]);
}

/** The teacher's side of L_AD and L_RC, kept until `disposeStep`. */
function guidanceOf(teacher: BoundedModel, batch: GraphBatch, options: GraphnadOptions, rng: Rng): Guidance {
  let guidance!: Guidance;
  tf.tidy(() => {
    guidance = guide(teacher.model.forward(batch, { bounds: teacher.bounds }).layers, batch, options, rng);
    [...guidance.maps, ...guidance.relations].forEach((tensor) => tf.keep(tensor));
  });
  return guidance;
}

function disposeStep({ guidance }: StudentStep): void {
  tf.dispose([...guidance.maps, ...guidance.relations]);
}

function studentTerms(
  student: GraphModel,
  step: StudentStep,
  count: number,
  options: GraphnadOptions,
  rng: Rng,
): LossTerm[] {
  const { batch } = step;
  const { logits, layers } = student.forward(batch);
  const targets = tf.tensor2d(step.targets, logits.shape);
  const half = step.members.length;
  return [
    {
      name: 'clean',
      weight: options.studentCleanWeight,
      value: softTargetLoss(logits, targets, firstHalf(half)),
    },
    {
      name: 'triggered',
      weight: options.studentTriggeredWeight,
      value: softTargetLoss(logits, targets, secondHalf(step.balance)),
    },
    {
      name: 'ce',
      weight: options.studentLabelWeight,
      // The mean of the cross-entropy runs over the copies too; twice the weight makes up for it.
      value: crossEntropy(
        logits,
        batch.classLabels,
        step.labelled.map((weight, i) => (i < half ? 2 * weight : 0)),
      ),
    },
    ...guidanceTerms(layers, batch, step.guidance, count, options, rng),
  ];
}

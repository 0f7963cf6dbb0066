import * as tf from '@tensorflow/tfjs-core';
import type { GraphModel } from '../gnn/graphModel';
import { predictLogits } from '../gnn/predict';
import type { GraphBatch } from '../graph/batch';
import type { Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import type { BoundedModel, PurifyContext } from './context';
import type { LossTerm } from './descent';
import { guidanceTerms, guide, type Guidance } from './guidance';
import { crossEntropy } from './losses';
import type { GraphnadOptions } from './options';
import { pairedSteps, pairedTerms, type PairedStep } from './pairedSteps';
import { drawPool, pairedRows } from './pool';
import { trainCopyInRounds } from './rounds';
import { softmaxRows } from './softLabels';
import { SuspectLabels } from './suspectLabels';
import { TriggerSource } from './triggeredCopies';

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
interface StudentStep extends PairedStep {
  /** 1 for clean graphs (and their copies), whose class is known, `[graphs and copies]`. */
  readonly labelled: Float32Array;
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
  // On a graph without the trigger the teacher is right more often than on the copy: its answer there serves both.
  const taught = softmaxRows(predictLogits(teacher.model, pool.graphs, layout, teacher), classes);
  const targets = blend(taught, labels.of(pool), options.studentTeacherShare);
  const predict = (graphs: readonly Graph[]): Float32Array => predictLogits(student, graphs, layout);
  const drawing = { ...options, candidates: options.studentCandidates, triggers, layout };
  const labelled = Float32Array.from(pool.source, (source) => (source >= 0 ? 1 : 0));
  return pairedSteps(pool.graphs, targets, predict, drawing, rng).map((step) => ({
    ...step,
    labelled: pairedRows(labelled, 1, step.members),
    guidance: guidanceOf(teacher, step.batch, options, rng),
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
  const half = step.members.length;
  return [
    ...pairedTerms(logits, step, { clean: options.studentCleanWeight, triggered: options.studentTriggeredWeight }),
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

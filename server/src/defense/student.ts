import * as tf from '@tensorflow/tfjs-core';
import type { GinModel } from '../gnn/gin';
import { predictLogits } from '../gnn/predict';
import type { RecombinedGraphs } from '../graph/recombine';
import type { Rng } from '../graph/rng';
import { cleanAccuracy, type BoundedModel, type PurifyContext } from './context';
import { Descent, WeightAverage, type LossTerm } from './descent';
import { guidanceTerms, guide, type Guidance } from './guidance';
import { crossEntropy, firstHalf, secondHalf, softTargetLoss } from './losses';
import type { GraphnadOptions } from './options';
import { drawPool, pairedBatches, type PairedBatch } from './pool';
import { balancedWeights, softmaxRows } from './softLabels';
import { TriggerSource, worstTriggeredCopies } from './triggeredCopies';

/**
 * Distils the bounded teacher into a plain model of the suspect's own shape, the one that is written to disk: the
 * suspect learns the teacher's answers on graphs and on triggered copies, its attention and its layer relations
 * (method.md, step 5).
 *
 * @returns the student; the caller disposes it
 * @throws the abort signal's reason
 */
export async function trainStudent(context: PurifyContext, teacher: BoundedModel, rng: Rng): Promise<GinModel> {
  const { suspect, options, run } = context;
  const { studentRounds, studentEpochs, poolSize, batch } = options;
  const student = suspect.clone();
  const triggers = new TriggerSource(context.clean, context.layout, options);
  const descent = new Descent(student, {
    ...options,
    learningRate: options.studentLearningRate,
    steps: studentRounds * studentEpochs * Math.ceil(poolSize / batch),
  });
  const average = new WeightAverage(student);
  let steps = 0;
  try {
    for (let round = 0; round < studentRounds; round++) {
      await run.breathe();
      const prepared = prepareRound(context, teacher, student, triggers, rng);
      try {
        for (let epoch = 1; epoch <= studentEpochs; epoch++) {
          for (const step of prepared) {
            await run.breathe();
            descent.step(() => studentTerms(student, step, steps, options, rng));
            steps++;
          }
          run.report({
            stage: 'student',
            epoch: round * studentEpochs + epoch,
            epochs: studentRounds * studentEpochs,
            losses: descent.takeMeans(),
            accuracy: cleanAccuracy(context, { model: student }),
          });
        }
      } finally {
        prepared.forEach(disposeStep);
      }
      if (round + 1 > studentRounds * (1 - options.studentAveragedShare)) average.add();
    }
    average.apply();
    return student;
  } catch (error) {
    student.dispose();
    throw error;
  }
}

/** One batch with all that the frozen teacher says about it. */
interface StudentStep extends PairedBatch {
  /** The teacher's probabilities on graphs and copies, `[graphs, classes]`. */
  readonly targets: tf.Tensor2D;
  /** 1 for each unchanged copy of a clean graph, whose class is known, `[graphs and copies]`. */
  readonly labelled: Float32Array;
  readonly balance: Float32Array;
  readonly guidance: Guidance;
}

function prepareRound(
  context: PurifyContext,
  teacher: BoundedModel,
  student: GinModel,
  triggers: TriggerSource,
  rng: Rng,
): StudentStep[] {
  const { clean, layout, options } = context;
  const { classes } = student.architecture;
  const pool = drawPool(clean, options, rng);
  const answers = softmaxRows(predictLogits(teacher.model, pool.graphs, layout, teacher), classes);
  const triggered = worstTriggeredCopies(
    pool.graphs,
    answers,
    (graphs) => predictLogits(student, graphs, layout),
    triggers,
    { candidates: options.studentCandidates, worstShare: options.worstShare },
    rng,
  );
  const balance = balancedWeights(answers, classes, options.balanceCap);
  return pairedBatches(pool.graphs, triggered, options.batch, layout, rng).map((paired) =>
    prepareStep(paired, pool, balance, teacher, options, rng),
  );
}

function prepareStep(
  paired: PairedBatch,
  pool: RecombinedGraphs,
  balance: Float32Array,
  teacher: BoundedModel,
  options: GraphnadOptions,
  rng: Rng,
): StudentStep {
  const { batch, members } = paired;
  const half = members.length;
  const labelled = new Float32Array(2 * half);
  const weights = new Float32Array(2 * half);
  members.forEach((member, i) => {
    labelled[i] = pool.source[member] >= 0 ? 2 : 0; // the mean runs over copies too: twice the weight makes up for it
    weights[half + i] = balance[member];
  });
  let targets!: tf.Tensor2D;
  let guidance!: Guidance;
  tf.tidy(() => {
    const { logits, layers } = teacher.model.forward(batch, { bounds: teacher.bounds });
    targets = tf.keep(tf.softmax(logits));
    guidance = guide(layers, batch, options, rng);
    [...guidance.maps, ...guidance.relations].forEach((tensor) => tf.keep(tensor));
  });
  return { ...paired, targets, labelled, balance: weights, guidance };
}

function disposeStep({ targets, guidance }: StudentStep): void {
  tf.dispose([targets, ...guidance.maps, ...guidance.relations]);
}

function studentTerms(
  student: GinModel,
  step: StudentStep,
  count: number,
  options: GraphnadOptions,
  rng: Rng,
): LossTerm[] {
  const { batch, targets } = step;
  const { logits, layers } = student.forward(batch);
  return [
    {
      name: 'clean',
      weight: options.studentCleanWeight,
      value: softTargetLoss(logits, targets, firstHalf(step.members.length)),
    },
    {
      name: 'triggered',
      weight: options.studentTriggeredWeight,
      value: softTargetLoss(logits, targets, secondHalf(step.balance)),
    },
    {
      name: 'ce',
      weight: options.studentLabelWeight,
      value: crossEntropy(logits, batch.classLabels, step.labelled),
    },
    ...guidanceTerms(layers, batch, step.guidance, count, options, rng),
  ];
}

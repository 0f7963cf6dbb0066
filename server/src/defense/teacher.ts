import * as tf from '@tensorflow/tfjs-core';
import { measureBounds, type Bounds } from '../gnn/bounds';
import type { GraphModel } from '../gnn/graphModel';
import { predictLogits } from '../gnn/predict';
import type { Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import type { PurifyContext } from './context';
import type { LossTerm } from './descent';
import { firstHalf, secondHalf, softTargetLoss } from './losses';
import type { GraphnadOptions } from './options';
import { drawPool, pairedBatches, pairedRows, type PairedBatch } from './pool';
import { trainCopyInRounds } from './rounds';
import { balancedWeights } from './softLabels';
import { SuspectLabels } from './suspectLabels';
import { TriggerSource, worstTriggeredCopies } from './triggeredCopies';

/**
 * Bounds on activations, and on contributions where the readout allows, at quantiles of the clean graphs: what a
 * trigger may add to a graph is then limited to what clean graphs show (docs/method.md, step 1).
 */
export function boundSuspect({ suspect, clean, layout, options, run }: PurifyContext): Bounds {
  const { boundQuantile, contributionQuantile } = options;
  run.report({ stage: 'bounds', epoch: 1, epochs: 1, losses: {} });
  return measureBounds(suspect, clean, layout, {
    quantile: boundQuantile,
    ...(contributionQuantile < 1 ? { contributions: [1 - contributionQuantile, contributionQuantile] as const } : {}),
  });
}

/**
 * Trains the robust teacher: the bounded suspect learns to answer on triggered copies of graphs as the suspect answers
 * on the graphs themselves (docs/method.md, steps 2 to 4).
 *
 * @returns the teacher's model; the caller disposes it
 * @throws TrainingDivergedError, the abort signal's reason
 */
export function trainTeacher(context: PurifyContext, bounds: Bounds, rng: Rng): Promise<GraphModel> {
  const { options } = context;
  const rounds = new TeacherRounds(context, bounds, rng);
  return trainCopyInRounds<TeacherStep>(context, (teacher) => ({
    stage: 'teacher',
    rounds: options.teacherRounds,
    epochs: options.teacherEpochs,
    learningRate: options.teacherLearningRate,
    averagedShare: options.teacherAveragedShare,
    bounds,
    prepare: () => rounds.next(teacher),
    terms: (step) => teacherTerms(teacher, bounds, step, options),
  }));
}

/** One step's data on plain arrays; tensors are made of it within the step. */
interface TeacherStep extends PairedBatch {
  /** Soft labels of the graphs and again of their copies, `[graphs, classes]`. */
  readonly targets: Float32Array;
  /** Balanced weights of the graphs and again of their copies, `[graphs]`. */
  readonly balance: Float32Array;
}

/** Draws what each round trains on. */
class TeacherRounds {
  private readonly labels: SuspectLabels;
  private readonly triggers: TriggerSource;

  constructor(
    private readonly context: PurifyContext,
    private readonly bounds: Bounds,
    private readonly rng: Rng,
  ) {
    this.labels = new SuspectLabels(context);
    this.triggers = new TriggerSource(context.clean, context.layout, context.options);
  }

  next(teacher: GraphModel): TeacherStep[] {
    const { suspect, clean, layout, options } = this.context;
    const { bounds, rng } = this;
    const { classes } = suspect.architecture;
    const pool = drawPool(clean, options, rng);
    const targets = this.labels.of(pool);
    const predict = (graphs: readonly Graph[]): Float32Array => predictLogits(teacher, graphs, layout, { bounds });
    const triggered = worstTriggeredCopies(pool.graphs, targets, predict, this.triggers, options, rng);
    const balance = balancedWeights(targets, classes, options.balanceCap);
    return pairedBatches(pool.graphs, triggered, options.batch, layout, rng).map((paired) => ({
      ...paired,
      targets: pairedRows(targets, classes, paired.members),
      balance: pairedRows(balance, 1, paired.members),
    }));
  }
}

function teacherTerms(teacher: GraphModel, bounds: Bounds, step: TeacherStep, options: GraphnadOptions): LossTerm[] {
  const { logits } = teacher.forward(step.batch, { bounds });
  const targets = tf.tensor2d(step.targets, logits.shape);
  const half = step.members.length;
  return [
    {
      name: 'clean',
      weight: options.teacherCleanWeight,
      value: softTargetLoss(logits, targets, firstHalf(half)),
    },
    {
      name: 'triggered',
      weight: options.teacherTriggeredWeight,
      value: softTargetLoss(logits, targets, secondHalf(step.balance)),
    },
  ];
}

import { measureBounds, type Bounds } from '../gnn/bounds';
import type { GraphModel } from '../gnn/graphModel';
import { predictLogits } from '../gnn/predict';
import type { Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import type { PurifyContext } from './context';
import { pairedSteps, pairedTerms, type PairedStep } from './pairedSteps';
import { drawPool } from './pool';
import { trainCopyInRounds } from './rounds';
import { SuspectLabels } from './suspectLabels';
import { TriggerSource } from './triggeredCopies';

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
  const weights = { clean: options.teacherCleanWeight, triggered: options.teacherTriggeredWeight };
  return trainCopyInRounds<PairedStep>(context, (teacher) => ({
    stage: 'teacher',
    rounds: options.teacherRounds,
    epochs: options.teacherEpochs,
    learningRate: options.teacherLearningRate,
    averagedShare: options.teacherAveragedShare,
    bounds,
    prepare: () => rounds.next(teacher),
    terms: (step) => pairedTerms(teacher.forward(step.batch, { bounds }).logits, step, weights),
  }));
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

  next(teacher: GraphModel): PairedStep[] {
    const { clean, layout, options } = this.context;
    const { bounds, rng, triggers } = this;
    const pool = drawPool(clean, options, rng);
    const predict = (graphs: readonly Graph[]): Float32Array => predictLogits(teacher, graphs, layout, { bounds });
    return pairedSteps(pool.graphs, this.labels.of(pool), predict, { ...options, triggers, layout }, rng);
  }
}

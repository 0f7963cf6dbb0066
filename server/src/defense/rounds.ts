import type { Bounds } from '../gnn/bounds';
import type { GraphModel } from '../gnn/graphModel';
import { trainingFigures, type PurifyContext } from './context';
import { Descent, WeightAverage, type LossTerm } from './descent';

/** Training in rounds: each draws its data, and all that need not be computed at every step, and then takes epochs over it. */
export interface RoundTraining<Step> {
  readonly stage: 'teacher' | 'student';
  readonly rounds: number;
  /** Epochs a round. */
  readonly epochs: number;
  readonly learningRate: number;
  /** The model ends with its mean weights over this share of the rounds, the last ones. */
  readonly averagedShare: number;
  /** Bounds under which accuracy is measured. */
  readonly bounds?: Bounds;
  /** What each step of a round trains on. */
  readonly prepare: () => Step[];
  /** @param count steps taken before */
  readonly terms: (step: Step, count: number) => LossTerm[];
  /** Gives back what a step holds, once its round is over. */
  readonly dispose?: (step: Step) => void;
}

/**
 * Trains a copy of the suspect.
 *
 * @param trainingOf how the copy is trained
 * @returns the copy; the caller disposes it
 * @throws TrainingDivergedError where the loss is not finite
 * @throws the abort signal's reason
 */
export async function trainCopyInRounds<Step>(
  context: PurifyContext,
  trainingOf: (copy: GraphModel) => RoundTraining<Step>,
): Promise<GraphModel> {
  const copy = context.suspect.clone();
  try {
    await trainInRounds(context, copy, trainingOf(copy));
    return copy;
  } catch (error) {
    copy.dispose();
    throw error;
  }
}

async function trainInRounds<Step>(
  context: PurifyContext,
  model: GraphModel,
  training: RoundTraining<Step>,
): Promise<void> {
  const { options, run } = context;
  const { stage, rounds, epochs, learningRate, averagedShare, bounds } = training;
  const steps = rounds * epochs * Math.ceil(options.poolSize / options.batch);
  const descent = new Descent(model, { ...options, learningRate, steps });
  const average = new WeightAverage(model);
  let count = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      await run.breathe();
      const prepared = training.prepare();
      try {
        for (let epoch = 1; epoch <= epochs; epoch++) {
          for (const step of prepared) {
            await run.breathe();
            descent.step(() => training.terms(step, count));
            count++;
          }
          run.report({
            stage,
            epoch: round * epochs + epoch,
            epochs: rounds * epochs,
            losses: descent.takeMeans(),
            // How a round ends, and how all began.
            ...trainingFigures(context, { model, bounds }, epoch === epochs || (round === 0 && epoch === 1)),
          });
        }
      } finally {
        prepared.forEach((step) => training.dispose?.(step));
      }
      if (round + 1 > rounds * (1 - averagedShare)) average.add();
    }
    average.apply();
  } finally {
    descent.dispose();
  }
}

import * as tf from '@tensorflow/tfjs-core';
import type { FeatureLayout, Graph } from '../graph/graph';
import type { Rng } from '../graph/rng';
import type { LossTerm } from './descent';
import { firstHalf, secondHalf, softTargetLoss } from './losses';
import type { GraphnadOptions } from './options';
import { pairedBatches, pairedRows, type PairedBatch } from './pool';
import { balancedWeights } from './softLabels';
import { worstTriggeredCopies, type TriggerSource, type WorstCaseOptions } from './triggeredCopies';

/**
 * What one step of training against self-made triggers is made of: graphs, triggered copies, and the answers wanted on
 * both. Plain arrays; tensors are made of it within the step.
 */
export interface PairedStep extends PairedBatch {
  /** Soft labels of the graphs and again of their copies, `[graphs and copies, classes]`. */
  readonly targets: Float32Array;
  /** Class-balanced weights, `[graphs and copies]`. */
  readonly balance: Float32Array;
}

/** Where a round's triggered copies come from, and how they are batched. */
export interface PairedStepsOptions extends WorstCaseOptions, Pick<GraphnadOptions, 'batch' | 'balanceCap'> {
  readonly triggers: TriggerSource;
  readonly layout: FeatureLayout;
}

/**
 * The steps of one round: every graph once, with the worst of its triggered copies (docs/method.md, steps 2 to 4).
 *
 * @param targets soft labels of the graphs, `[graphs, classes]`
 * @param predict logits of the model in training, `[graphs, classes]`: it tells which copy is the worst
 */
export function pairedSteps(
  graphs: readonly Graph[],
  targets: Float32Array,
  predict: (graphs: readonly Graph[]) => Float32Array,
  options: PairedStepsOptions,
  rng: Rng,
): PairedStep[] {
  const { triggers, layout, batch, balanceCap } = options;
  const classes = targets.length / graphs.length;
  const copies = worstTriggeredCopies(graphs, targets, predict, triggers, options, rng);
  const balance = balancedWeights(targets, classes, balanceCap);
  return pairedBatches(graphs, copies, batch, layout, rng).map((paired) => ({
    ...paired,
    targets: pairedRows(targets, classes, paired.members),
    balance: pairedRows(balance, 1, paired.members),
  }));
}

/**
 * Loss on the graphs (`clean`, a mean) and on their triggered copies (`triggered`, balanced over classes).
 *
 * @param logits of a step's batch, `[graphs and copies, classes]`
 */
export function pairedTerms(
  logits: tf.Tensor2D,
  { targets, balance, members }: PairedStep,
  weights: { readonly clean: number; readonly triggered: number },
): LossTerm[] {
  const wanted = tf.tensor2d(targets, logits.shape);
  const loss = (rows: tf.Tensor1D): tf.Scalar => softTargetLoss(logits, wanted, rows);
  return [
    { name: 'clean', weight: weights.clean, value: loss(firstHalf(members.length)) },
    { name: 'triggered', weight: weights.triggered, value: loss(secondHalf(balance)) },
  ];
}

import * as tf from '@tensorflow/tfjs-core';
import type { GinModel } from '../gnn/gin';
import { collate, type GraphBatch } from '../graph/batch';
import type { Rng } from '../graph/rng';
import { Descent, type LossTerm } from './descent';
import { guidanceTerms, guide, type Guidance } from './guidance';
import { crossEntropy } from './losses';
import type { GraphnadOptions } from './options';
import type { PurifyStage } from './run';
import { cleanAccuracy, type PurifyContext } from './teacher';

/**
 * The baseline: a copy of the suspect trained on the clean graphs with cross-entropy and nothing else. BatchNorm
 * statistics stay frozen.
 *
 * @param stage what progress is reported as
 * @returns the fine-tuned model; the caller disposes it
 * @throws the abort signal's reason
 */
export function fineTune(context: PurifyContext, stage: PurifyStage, rng: Rng): Promise<GinModel> {
  const { fineTuneEpochs: epochs, fineTuneLearningRate: learningRate } = context.options;
  const terms = (model: GinModel, batch: GraphBatch): LossTerm[] => [
    { name: 'ce', weight: 1, value: crossEntropy(model.forward(batch).logits, batch.classLabels) },
  ];
  return trainOnClean(context, { stage, epochs, learningRate, batches: cleanBatches(context, rng), terms, rng });
}

/**
 * The published distillation (arXiv 2501.05835): a copy of the suspect trained on the clean graphs with
 * CE + alpha L_AD + beta L_RC toward a fine-tuned teacher.
 *
 * @returns the student; the caller disposes it
 * @throws the abort signal's reason
 */
export async function distilOnClean(context: PurifyContext, teacher: GinModel, rng: Rng): Promise<GinModel> {
  const { options } = context;
  const batches = cleanBatches(context, rng);
  const guidances = new Map(batches.map((batch) => [batch, guidanceOf(teacher, batch, options, rng)]));
  let steps = 0;
  const terms = (model: GinModel, batch: GraphBatch): LossTerm[] => {
    const { logits, layers } = model.forward(batch);
    const guidance = guidances.get(batch);
    return [
      { name: 'ce', weight: 1, value: crossEntropy(logits, batch.classLabels) },
      ...(guidance ? guidanceTerms(layers, batch, guidance, steps++, options, rng) : []),
    ];
  };
  try {
    const { paperEpochs: epochs, paperLearningRate: learningRate } = options;
    return await trainOnClean(context, { stage: 'student', epochs, learningRate, batches, terms, rng });
  } finally {
    for (const { maps, relations } of guidances.values()) tf.dispose([...maps, ...relations]);
  }
}

function guidanceOf(teacher: GinModel, batch: GraphBatch, options: GraphnadOptions, rng: Rng): Guidance {
  let guidance!: Guidance;
  tf.tidy(() => {
    guidance = guide(teacher.forward(batch).layers, batch, options, rng);
    [...guidance.maps, ...guidance.relations].forEach((tensor) => tf.keep(tensor));
  });
  return guidance;
}

interface CleanTraining {
  readonly stage: PurifyStage;
  readonly epochs: number;
  readonly learningRate: number;
  readonly batches: readonly GraphBatch[];
  readonly terms: (model: GinModel, batch: GraphBatch) => LossTerm[];
  readonly rng: Rng;
}

/** Trains a copy of the suspect; the batches stay the same, their order does not. */
async function trainOnClean(context: PurifyContext, training: CleanTraining): Promise<GinModel> {
  const { suspect, options, run } = context;
  const { stage, epochs, learningRate, batches, terms, rng } = training;
  const model = suspect.clone();
  try {
    const descent = new Descent(model, { ...options, learningRate, steps: epochs * batches.length });
    for (let epoch = 1; epoch <= epochs; epoch++) {
      for (const i of rng.permutation(batches.length)) {
        await run.breathe();
        descent.step(() => terms(model, batches[i]));
      }
      run.report({ stage, epoch, epochs, losses: descent.takeMeans(), accuracy: cleanAccuracy(context, { model }) });
    }
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The clean graphs in random batches of nearly equal size, so that features and the teacher's answers are made once. */
function cleanBatches({ clean, layout, options }: PurifyContext, rng: Rng): GraphBatch[] {
  const order = rng.permutation(clean.length);
  const count = Math.ceil(clean.length / options.fineTuneBatch);
  return Array.from({ length: count }, (_, b) => {
    const from = Math.floor((b * order.length) / count);
    const to = Math.floor(((b + 1) * order.length) / count);
    return collate(
      Array.from(order.subarray(from, to), (i) => clean[i]),
      layout,
    );
  });
}

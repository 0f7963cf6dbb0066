import * as tf from '@tensorflow/tfjs-core';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { collate, type GraphBatch } from '../graph/batch';
import type { FeatureLayout, Graph } from '../graph/graph';
import { Rng } from '../graph/rng';
import { Adam } from '../tensor/adam';
import { softmaxCrossEntropy } from '../tensor/crossEntropy';
import type { GraphModel } from './graphModel';

export interface TrainOptions {
  readonly seed: number;
  /** Default 50. */
  readonly epochs?: number;
  /** Of the first step; falls to 0 over the epochs along a cosine. Default 0.01. */
  readonly learningRate?: number;
  /** Graphs a step. Default 32. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
  readonly progress?: (epoch: TrainedEpoch) => void;
}

export interface TrainedEpoch {
  /** Counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Mean cross-entropy over the epoch's steps. */
  readonly loss: number;
}

/**
 * Trains a classifier from its present weights with cross-entropy: Adam, batches in an order shuffled every epoch,
 * BatchNorm with the statistics of the batch. Other work of the process gets its turn between steps.
 *
 * @param graphs at least two; a last batch of a single graph is left out, because BatchNorm needs company
 * @throws the signal's reason (an `AbortError`) once it is aborted
 */
export async function trainClassifier(
  model: GraphModel,
  graphs: readonly Graph[],
  layout: FeatureLayout,
  options: TrainOptions,
): Promise<void> {
  const { seed, epochs = 50, learningRate = 0.01, batchSize = 32, signal, progress } = options;
  if (graphs.length < 2) throw new RangeError(`at least 2 graphs are needed to train on, got ${graphs.length}`);
  const rng = new Rng(seed, 'train');
  const variables = model.trainable();
  const adam = new Adam(variables);
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const rate = (learningRate * (1 + Math.cos((Math.PI * (epoch - 1)) / epochs))) / 2;
      const order = rng.permutation(graphs.length);
      let lossSum = 0;
      let steps = 0;
      for (let start = 0; start + 1 < order.length; start += batchSize) {
        await nextTurn();
        signal?.throwIfAborted();
        const chosen = Array.from(order.subarray(start, start + batchSize), (index) => graphs[index]);
        lossSum += trainStep(model, variables, adam, collate(chosen, layout), rate);
        steps++;
      }
      progress?.({ epoch, epochs, loss: lossSum / steps });
    }
  } finally {
    adam.dispose();
  }
}

function trainStep(
  model: GraphModel,
  variables: tf.Variable[],
  adam: Adam,
  batch: GraphBatch,
  learningRate: number,
): number {
  return tf.tidy(() => {
    const { value, grads } = tf.variableGrads(
      () => softmaxCrossEntropy(model.forward(batch, { training: true }).logits, batch.classLabels),
      variables,
    );
    adam.step(
      variables.map(({ name }) => grads[name]),
      learningRate,
    );
    return value.dataSync()[0];
  });
}

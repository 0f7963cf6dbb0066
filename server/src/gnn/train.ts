import * as tf from '@tensorflow/tfjs-core';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { collate, type GraphBatch } from '../graph/batch';
import type { FeatureLayout, Graph } from '../graph/graph';
import { Rng } from '../graph/rng';
import { Adam } from '../tensor/adam';
import { softmaxCrossEntropy } from '../tensor/crossEntropy';
import type { GraphModel } from './graphModel';

/** How a classifier is trained. */
export interface TrainSettings {
  /** Default 50. */
  readonly epochs?: number;
  /** Of the first step; falls to 0 over the epochs along a cosine. Default 0.01. */
  readonly learningRate?: number;
  /** Graphs a step. Default 32. */
  readonly batchSize?: number;
  /** Added to the gradient of every parameter, times the parameter, as PyTorch's Adam does. Default 0. */
  readonly weightDecay?: number;
  /** Weigh graphs so that every class counts the same in the loss. Default false. */
  readonly balanced?: boolean;
}

export interface TrainOptions extends TrainSettings {
  readonly seed: number;
  /** A loss that is added to the cross-entropy of every step; its gradient goes to the model. Default none. */
  readonly furtherLoss?: () => tf.Scalar;
  readonly signal?: AbortSignal;
  readonly progress?: (epoch: TrainedEpoch) => void;
}

export interface TrainedEpoch {
  /** Counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Mean loss over the epoch's steps. */
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
  const { seed, epochs = 50, learningRate = 0.01, batchSize = 32, weightDecay = 0, signal, progress } = options;
  if (graphs.length < 2) throw new RangeError(`at least 2 graphs are needed to train on, got ${graphs.length}`);
  const rng = new Rng(seed, 'train');
  const variables = model.trainable();
  const adam = new Adam(variables);
  const step: Step = { model, variables, adam, weightDecay, furtherLoss: options.furtherLoss };
  const weights = options.balanced ? classWeights(graphs, model.architecture.classes) : undefined;
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
        lossSum += trainStep(step, collate(chosen, layout), weights, rate);
        steps++;
      }
      progress?.({ epoch, epochs, loss: lossSum / steps });
    }
  } finally {
    adam.dispose();
  }
}

/** What stays the same from step to step. */
interface Step extends Pick<TrainOptions, 'furtherLoss'> {
  readonly model: GraphModel;
  readonly variables: tf.Variable[];
  readonly adam: Adam;
  readonly weightDecay: number;
}

function trainStep(
  { model, variables, adam, weightDecay, furtherLoss }: Step,
  batch: GraphBatch,
  weights: Float64Array | undefined,
  learningRate: number,
): number {
  return tf.tidy(() => {
    const { value, grads } = tf.variableGrads(() => {
      const { logits } = model.forward(batch, { training: true });
      const loss = softmaxCrossEntropy(logits, batch.classLabels, { weights: graphWeights(batch, weights) });
      return furtherLoss === undefined ? loss : tf.add<tf.Scalar>(loss, furtherLoss());
    }, variables);
    adam.step(
      variables.map((variable) => {
        const gradient = grads[variable.name];
        return weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(variable, weightDecay));
      }),
      learningRate,
    );
    return value.dataSync()[0];
  });
}

/** Weight of a graph of each class, inversely proportional to its frequency; 0 for classes without graphs. */
function classWeights(graphs: readonly Graph[], classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (const { classLabel } of graphs) counts[classLabel]++;
  return counts.map((count) => (count === 0 ? 0 : 1 / count));
}

/** Weights of a batch's graphs, of sum 1. */
function graphWeights({ classLabels }: GraphBatch, weights: Float64Array | undefined): Float32Array | undefined {
  if (weights === undefined) return undefined;
  const ofGraphs = Float32Array.from(classLabels, (label) => weights[label]);
  const sum = ofGraphs.reduce((total, weight) => total + weight, 0);
  return ofGraphs.map((weight) => weight / sum);
}

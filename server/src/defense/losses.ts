import * as tf from '@tensorflow/tfjs-core';
import { softmaxCrossEntropy } from '../tensor/crossEntropy';

/**
 * Mean cross-entropy.
 *
 * @param logits `[graphs, classes]`
 * @param classLabels class of each graph
 * @param weights one weight a graph; the sum of the weighted terms is still divided by the number of graphs
 */
export function crossEntropy(logits: tf.Tensor2D, classLabels: Int32Array, weights?: Float32Array): tf.Scalar {
  return softmaxCrossEntropy(logits, classLabels, { weights: weights?.map((weight) => weight / classLabels.length) });
}

/**
 * Sum over graphs of KL(target || softmax(logits)), each times its weight; weights of 1 / graphs make it a mean.
 *
 * @param logits `[graphs, classes]`, the gradient flows to it
 * @param targets probabilities, `[graphs, classes]`, constants
 * @param weights `[graphs]`, constants
 */
export function softTargetLoss(logits: tf.Tensor2D, targets: tf.Tensor2D, weights: tf.Tensor1D): tf.Scalar {
  return softmaxCrossEntropy(logits, targets, { weights, divergence: true });
}

/** Weights that make a mean over the graphs of a paired batch, leaving out their copies. */
export function firstHalf(graphs: number): tf.Tensor1D {
  return tf.tensor1d(new Float32Array(2 * graphs).fill(1 / graphs, 0, graphs));
}

/** Weights that make a weighted mean over the copies of a paired batch, leaving out the graphs. */
export function secondHalf(balance: Float32Array): tf.Tensor1D {
  const half = balance.length / 2;
  return tf.tensor1d(balance.map((weight, i) => (i < half ? 0 : weight / half)));
}

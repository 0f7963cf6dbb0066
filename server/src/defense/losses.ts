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
 * Distillation loss tau^2 KL(softmax(teacher / tau) || softmax(student / tau)), mean over graphs (Hinton et al. 2015).
 *
 * @param student `[graphs, classes]`, the gradient flows to it
 * @param teacher `[graphs, classes]`, constants
 */
export function distillationLoss(student: tf.Tensor2D, teacher: tf.Tensor2D, temperature: number): tf.Scalar {
  return tf.tidy(() => {
    const target = tf.softmax(tf.div(teacher, temperature));
    const logTarget = tf.logSoftmax(tf.div(teacher, temperature));
    const divergence = tf.sum(tf.mul(target, tf.sub(logTarget, tf.logSoftmax(tf.div(student, temperature)))));
    return tf.mul(divergence, temperature ** 2 / student.shape[0]);
  });
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

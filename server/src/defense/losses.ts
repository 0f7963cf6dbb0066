import * as tf from '@tensorflow/tfjs-core';

/** Below this a probability counts as zero information; keeps its logarithm finite. */
const tinyProbability = 1e-6;

/**
 * Mean cross-entropy.
 *
 * @param logits `[graphs, classes]`
 * @param classLabels class of each graph
 * @param weights one weight a graph; the sum of the weighted terms is still divided by the number of graphs
 */
export function crossEntropy(logits: tf.Tensor2D, classLabels: Int32Array, weights?: Float32Array): tf.Scalar {
  return tf.tidy(() => {
    const [graphs, classes] = logits.shape;
    const wanted = new Float32Array(graphs * classes);
    for (let g = 0; g < graphs; g++) wanted[g * classes + classLabels[g]] = weights ? weights[g] : 1;
    const picked = tf.mul(tf.tensor2d(wanted, [graphs, classes]), tf.logSoftmax(logits));
    return tf.div<tf.Scalar>(tf.neg(tf.sum(picked)), graphs);
  });
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
 * KL(target || softmax(logits)) of each graph.
 *
 * @param logits `[graphs, classes]`, the gradient flows to it
 * @param targets probabilities, `[graphs, classes]`, constants
 * @returns `[graphs]`
 */
export function divergences(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D {
  return tf.tidy(() => {
    const logTargets = tf.log(tf.clipByValue(targets, tinyProbability, 1));
    return tf.sum(tf.mul(targets, tf.sub(logTargets, tf.logSoftmax(logits))), 1);
  });
}

/** Sum over graphs of KL(target || softmax(logits)), each times its weight; weights of 1 / graphs make it a mean. */
export function softTargetLoss(logits: tf.Tensor2D, targets: tf.Tensor2D, weights: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => tf.sum<tf.Scalar>(tf.mul(divergences(logits, targets), weights)));
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

import * as tf from '@tensorflow/tfjs-core';
import { softTargetLoss } from '../../../server/src/defense/losses';

/**
 * The numeric fixture's loss tau^2 KL(softmax(teacher / tau) || softmax(student / tau)), mean over graphs (Hinton et al.
 * 2015), by the loss that the defenses use.
 *
 * @param student logits `[graphs, classes]` that the gradient flows to
 * @param teacher logits `[graphs, classes]`, constants
 */
export function distillationLoss(student: tf.Tensor2D, teacher: tf.Tensor2D, tau: number): tf.Scalar {
  return tf.tidy(() => {
    const [graphs] = student.shape;
    const targets = tf.softmax(tf.div<tf.Tensor2D>(teacher, tau));
    return softTargetLoss(tf.div(student, tau), targets, tf.fill([graphs], tau ** 2 / graphs));
  });
}

import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../../../protocol/model';

/** Slope of PyTorch's LeakyReLU for negative values. */
const leakySlope = 0.01;

/** An activation function, differentiable, as PyTorch has it by default. */
export function activate(x: tf.Tensor2D, kind: Activation): tf.Tensor2D {
  switch (kind) {
    case 'relu':
      return tf.relu(x);
    case 'leaky_relu':
      return tf.leakyRelu(x, leakySlope);
    case 'elu':
      return tf.elu(x);
    case 'gelu':
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
    case 'tanh':
      return tf.tanh(x);
  }
}

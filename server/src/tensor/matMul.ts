import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './withGradient';

/**
 * The matrix product a b, differentiable.
 *
 * Gradients are plain products with an operand transposed beforehand: the WebAssembly backend multiplies plainly
 * with XNNPACK, but falls back to a scalar loop, ten times slower, when told to transpose an operand.
 *
 * @param a `[m, k]`
 * @param b `[k, n]`
 * @returns `[m, n]`
 */
export function matMul(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return withGradient([a, b], () => ({
    value: tf.matMul(a, b),
    saved: [a, b],
    gradient: (dy, [x, y]) => [
      tf.matMul(dy, tf.transpose(y as tf.Tensor2D)),
      tf.matMul(tf.transpose(x as tf.Tensor2D), dy),
    ],
  }));
}

/** ReLU(x w + b), or x w + b, as one kernel and without a gradient: `[m, n]` of `[m, k]`, `[k, n]` and `[n]`. */
export function fusedLinear(
  x: tf.Tensor2D,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D,
  activation: 'relu' | 'linear',
): tf.Tensor2D {
  // `tf.fused.matMul` takes the operation apart again while gradients are recorded, so the kernel is called itself.
  return tf.tidy(() => {
    const [rows, inputs] = x.shape;
    const outputs = weight.shape[1];
    const product: tf.Tensor3D = tf
      .engine()
      .runKernel(
        tf._FusedMatMul,
        { a: tf.reshape(x, [1, rows, inputs]), b: tf.reshape(weight, [1, inputs, outputs]), bias },
        { transposeA: false, transposeB: false, activation, leakyreluAlpha: 0 },
      );
    return tf.reshape(product, [rows, outputs]);
  });
}

import * as tf from '@tensorflow/tfjs-core';
import { columnSums, denseLayer } from './dense';
import { engineInUse } from './engine/graphnadBackend';
import { linearGradients } from './linearGradients';
import type { LinearParameters } from './linearRelu';
import { withGradient } from './withGradient';

/**
 * x W + b, differentiable in all three: an output layer. As operations of tfjs it takes longer to record than to compute.
 *
 * @param x `[rows, inputs]`
 * @returns `[rows, outputs]`
 */
export function linear(x: tf.Tensor2D, { weight, bias }: Pick<LinearParameters, 'weight' | 'bias'>): tf.Tensor2D {
  const engine = engineInUse();
  if (engine === undefined) return linearComposed(x, { weight, bias });
  return withGradient([x, weight, bias], () => ({
    value: denseLayer(engine, x, weight, { bias }),
    saved: [x, weight],
    gradient: (dy, [input, w]) => {
      const { dWeight, dx } = linearGradients(engine, input, w, dy as tf.Tensor2D, { inputGradient: true });
      return [dx!, dWeight, columnSums(engine, dy as tf.Tensor2D)];
    },
  }));
}

/** The same operation composed of standard ones. */
export function linearComposed(
  x: tf.Tensor2D,
  { weight, bias }: Pick<LinearParameters, 'weight' | 'bias'>,
): tf.Tensor2D {
  return tf.tidy(() => tf.add(tf.matMul(x, weight), bias));
}

import * as tf from '@tensorflow/tfjs-core';
import { engineInUse } from './engine/graphnadBackend';
import { withGradient } from './withGradient';

/** What keeps a quotient by a norm, and the norm's slope, finite where all values are zero. */
export interface TinyNorms {
  /** Added to the norm. */
  readonly norm: number;
  /** Added to the squared norm under the root. */
  readonly squared: number;
}

/**
 * Each row over its Euclidean norm, x / (sqrt(|x|^2 + squared) + norm), differentiable.
 *
 * @param x `[rows, columns]`
 */
export function unitRows(x: tf.Tensor2D, tiny: TinyNorms): tf.Tensor2D {
  const engine = engineInUse();
  if (engine === undefined) return unitRowsComposed(x, tiny);
  const [rows, columns] = x.shape;
  const sizes = [columns, tiny.norm, tiny.squared];
  return withGradient([x], () => {
    const { tensor, address } = engine.output(x.shape);
    engine.launch('unitRows', rows, engine.address(x), address, ...sizes);
    return {
      value: tensor,
      saved: [x],
      gradient: (dy, [input]) => {
        const dx = engine.output(x.shape);
        engine.launch('unitRowsGradient', rows, engine.address(input), engine.address(dy), dx.address, ...sizes);
        return [dx.tensor];
      },
    };
  });
}

/** The same operation composed of standard ones. */
export function unitRowsComposed(x: tf.Tensor2D, tiny: TinyNorms): tf.Tensor2D {
  return tf.tidy(() => {
    const norms = tf.sqrt(tf.add(tf.sum(tf.square(x), 1, true), tiny.squared));
    return tf.div(x, tf.add(norms, tiny.norm));
  });
}

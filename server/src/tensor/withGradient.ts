import * as tf from '@tensorflow/tfjs-core';

/** What an operation with a gradient of its own computes. */
export interface Differentiable {
  readonly value: tf.Tensor;
  /** Tensors that the gradient needs; kept only while gradients are recorded. */
  readonly saved: readonly tf.Tensor[];
  /** Gradients of the inputs, in their order, from the gradient of the value and the saved tensors. */
  readonly gradient: (dy: tf.Tensor, saved: readonly tf.Tensor[]) => readonly tf.Tensor[];
}

/**
 * Runs an operation whose gradient is given by hand; `inputs` are the tensors that receive one. Variables that the
 * gradient needs keep the values they have until it is taken: they are saved as they are, where a copy of any other
 * tensor is, which takes tfjs some microseconds.
 */
export function withGradient<T extends tf.Tensor>(inputs: readonly tf.Tensor[], forward: () => Differentiable): T {
  const op = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const save = args[args.length - 1] as tf.GradSaveFunc;
    const { value, saved, gradient } = forward();
    save(saved.filter((tensor) => !(tensor instanceof tf.Variable)));
    const all = (kept: tf.Tensor[]): tf.Tensor[] => {
      let next = 0;
      return saved.map((tensor) => (tensor instanceof tf.Variable ? tensor : kept[next++]));
    };
    return { value, gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => [...gradient(dy, all(kept))] };
  });
  return op(...inputs) as T;
}

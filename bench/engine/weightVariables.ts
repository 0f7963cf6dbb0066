import * as tf from '@tensorflow/tfjs-core';
import type { InitialTensor } from './initialWeights';

/** Variables made of initial weights, in the order in which they are asked for. */
export class WeightVariables {
  readonly all: tf.Variable[] = [];

  constructor(private readonly weights: ReadonlyMap<string, InitialTensor>) {}

  vector(name: string): tf.Variable<tf.Rank.R1> {
    return this.keep(tf.tensor1d(this.find(name).values));
  }

  /** `[inputs, outputs]` of PyTorch's `[outputs, inputs]`. */
  transposed(name: string): tf.Variable<tf.Rank.R2> {
    const { values, shape } = this.find(name);
    return this.keep(tf.tidy(() => tf.transpose(tf.tensor2d(values, [shape[0], shape[1]]))));
  }

  private keep<R extends tf.Rank>(initial: tf.Tensor<R>): tf.Variable<R> {
    const variable = tf.variable(initial);
    this.all.push(variable);
    return variable;
  }

  private find(name: string): InitialTensor {
    const tensor = this.weights.get(name);
    if (tensor === undefined) throw new Error(`no initial weights are named ${name}`);
    return tensor;
  }
}

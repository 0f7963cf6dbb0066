import * as tf from '@tensorflow/tfjs-core';

/** The tensors of a GIN, as variables that can be trained. Weights are `[inputs, outputs]`: PyTorch's, transposed. */
export interface GinParameters {
  readonly layers: readonly GinLayerParameters[];
  readonly output: LinearVariables;
}

export interface GinLayerParameters {
  /** A node's own row weighs 1 + eps. */
  readonly eps: number;
  readonly first: LinearVariables;
  readonly second: LinearVariables;
}

export interface LinearVariables {
  readonly weight: tf.Variable<tf.Rank.R2>;
  readonly bias: tf.Variable<tf.Rank.R1>;
  readonly norm?: NormVariables;
}

export interface NormVariables {
  readonly gamma: tf.Variable<tf.Rank.R1>;
  readonly beta: tf.Variable<tf.Rank.R1>;
  /** Plain arrays: they are updated, not trained. */
  readonly running: { readonly mean: Float32Array; readonly variance: Float32Array };
}

/** One linear layer of plain values: weight `[outputs, inputs]` as PyTorch keeps it. */
export interface LinearValues {
  readonly outputs: number;
  readonly inputs: number;
  readonly weight: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
  readonly norm?: NormValues;
}

/** BatchNorm of plain values, `[outputs]` each. */
export interface NormValues {
  readonly gamma: ArrayLike<number>;
  readonly beta: ArrayLike<number>;
  readonly mean: ArrayLike<number>;
  readonly variance: ArrayLike<number>;
}

/** Makes variables of plain values. */
export function linearVariables(values: LinearValues): LinearVariables {
  const { outputs, inputs, weight, bias, norm } = values;
  return {
    weight: variable2d(transposed(weight, outputs, inputs), [inputs, outputs]),
    bias: variable1d(bias),
    ...(norm && {
      norm: {
        gamma: variable1d(norm.gamma),
        beta: variable1d(norm.beta),
        running: { mean: Float32Array.from(norm.mean), variance: Float32Array.from(norm.variance) },
      },
    }),
  };
}

/** The values of variables, in PyTorch's orientation. */
export function linearValues({ weight, bias, norm }: LinearVariables): LinearValues {
  const [inputs, outputs] = weight.shape;
  return {
    outputs,
    inputs,
    weight: transposed(weight.dataSync(), inputs, outputs),
    bias: Float32Array.from(bias.dataSync()),
    ...(norm && {
      norm: {
        gamma: Float32Array.from(norm.gamma.dataSync()),
        beta: Float32Array.from(norm.beta.dataSync()),
        mean: norm.running.mean.slice(),
        variance: norm.running.variance.slice(),
      },
    }),
  };
}

/** The linear layers of a model in the order of computation. */
export function linearLayers({ layers, output }: GinParameters): LinearVariables[] {
  return [...layers.flatMap(({ first, second }) => [first, second]), output];
}

function transposed(values: ArrayLike<number>, rows: number, columns: number): Float32Array {
  const result = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j];
  }
  return result;
}

function variable1d(values: ArrayLike<number>): tf.Variable<tf.Rank.R1> {
  return tf.tidy(() => tf.variable(tf.tensor1d(Float32Array.from(values))));
}

function variable2d(values: Float32Array, shape: [number, number]): tf.Variable<tf.Rank.R2> {
  return tf.tidy(() => tf.variable(tf.tensor2d(values, shape)));
}

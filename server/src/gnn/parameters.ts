import * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '../graph/rng';

/** A linear layer as variables that can be trained, with a BatchNorm behind it or not. */
export interface LinearVariables {
  /** `[inputs, outputs]`: PyTorch's, transposed. */
  readonly weight: tf.Variable<tf.Rank.R2>;
  readonly bias: tf.Variable<tf.Rank.R1>;
  readonly norm?: NormVariables;
}

export interface NormVariables {
  readonly gamma: tf.Variable<tf.Rank.R1>;
  readonly beta: tf.Variable<tf.Rank.R1>;
  /** Plain arrays: they are updated, not trained. */
  readonly running: { readonly mean: Float32Array; readonly variance: Float32Array };
  /** Added to the variance. Default: `batchNormEpsilon`. */
  readonly epsilon?: number;
  /** Whether its rows are graphs, as behind the readout. Default false: nodes. */
  readonly ofGraphs?: boolean;
}

/** One tensor of a checkpoint. */
export interface TensorSpec {
  readonly name: string;
  readonly dtype: 'float32' | 'int64';
  /** As in PyTorch: weights are `[outputs, inputs]`. */
  readonly shape: readonly number[];
  /** Whether training may change it. */
  readonly trained: boolean;
  /** Not trained, but with values that are not known otherwise. Default false. */
  readonly kept?: boolean;
  /** Fresh values. */
  readonly initial: (rng: Rng) => Float32Array;
}

/** Values of one tensor of a checkpoint, in PyTorch's orientation. */
export interface TensorValues {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Which tensors of a checkpoint make a parameter, and how they and its variables become each other. */
export interface ParameterSpec<Parameter> {
  readonly tensors: readonly TensorSpec[];
  /** @param tensors values in the order of `tensors` */
  make(tensors: readonly TensorValues[]): Parameter;
  /** Values in the order of `tensors`. */
  read(parameter: Parameter): TensorValues[];
  /** All of its variables; what training must not change is not `trainable`. */
  variables(parameter: Parameter): tf.Variable[];
  /** Its BatchNorms in the order of computation. Default: none. */
  norms?(parameter: Parameter): NormVariables[];
}

/** Distribution that a fresh weight is drawn from. */
export type Initialisation = 'pytorch' | 'glorot' | 'zeros';

/** Names and sizes of a linear layer. */
export interface LinearSpec {
  /** One weight, or several side by side: `[outputs, inputs of each]`. */
  readonly weights: readonly string[];
  readonly bias: string;
  /** The BatchNorm behind it; absent where there is none. */
  readonly norm?: string;
  /** Of each weight. */
  readonly inputs: number;
  readonly outputs: number;
  /** Of the weights. Default `pytorch`. */
  readonly weight?: Initialisation;
  /** Of the bias. Default `pytorch`. */
  readonly initialBias?: Exclude<Initialisation, 'glorot'>;
}

/** A linear layer with a BatchNorm behind it, or none. */
export function linear(spec: LinearSpec): ParameterSpec<LinearVariables> {
  const { weights, bias, inputs, outputs, initialBias = 'pytorch' } = spec;
  const initial = { inputs, outputs, by: spec.weight ?? 'pytorch' };
  const norm = normOf(spec.norm, outputs);
  const own = [
    ...weights.map((name) => tensor(name, [outputs, inputs], (rng) => drawn(outputs * inputs, initial, rng))),
    tensor(bias, [outputs], (rng) => drawn(outputs, { ...initial, by: initialBias }, rng)),
  ];
  return {
    tensors: [...own, ...norm.tensors],
    make: (tensors) => {
      const matrices = tensors.slice(0, weights.length);
      const made = norm.make(tensors.slice(own.length));
      return {
        weight: variable(stacked(matrices)),
        bias: vector(tensors[weights.length]),
        ...(made !== undefined && { norm: made }),
      };
    },
    read: ({ weight, bias: added, norm: behind }) => [
      ...unstacked(weight, weights.length),
      read(added),
      ...norm.read(behind),
    ],
    variables: ({ weight, bias: added, norm: behind }) => [weight, added, ...norm.variables(behind)],
    norms: ({ norm: behind }) => (behind === undefined ? [] : [behind]),
  };
}

/** A linear map with a bias of its own. */
export type AffineVariables = Omit<LinearVariables, 'norm'>;

/** The linear map of a module `name`, its weight drawn as by Glorot & Bengio (2010). */
export function affine(name: string, inputs: number, outputs: number): ParameterSpec<AffineVariables> {
  return linear({ weights: [`${name}.weight`], bias: `${name}.bias`, inputs, outputs, weight: 'glorot' });
}

/** What is added behind a convolution, and the BatchNorm behind that. */
export interface BiasVariables {
  readonly bias: tf.Variable<tf.Rank.R1>;
  readonly norm?: NormVariables;
}

/** A bias, at first zero, with a BatchNorm behind it, or none. */
export function bias(name: string, normName: string | undefined, width: number): ParameterSpec<BiasVariables> {
  const norm = normOf(normName, width);
  return {
    tensors: [tensor(name, [width], () => new Float32Array(width)), ...norm.tensors],
    make: ([added, ...behind]) => {
      const made = norm.make(behind);
      return { bias: vector(added), ...(made !== undefined && { norm: made }) };
    },
    read: ({ bias: added, norm: behind }) => [read(added), ...norm.read(behind)],
    variables: ({ bias: added, norm: behind }) => [added, ...norm.variables(behind)],
    norms: ({ norm: behind }) => (behind === undefined ? [] : [behind]),
  };
}

/**
 * A weight without a bias, drawn as by Glorot & Bengio (2010).
 *
 * @param names one, or several tensors that hold the same values
 */
export function matrix(
  names: readonly string[],
  inputs: number,
  outputs: number,
): ParameterSpec<tf.Variable<tf.Rank.R2>> {
  const size = { inputs, outputs, by: 'glorot' as const };
  return {
    tensors: names.map((name) => tensor(name, [outputs, inputs], (rng) => drawn(outputs * inputs, size, rng))),
    make: ([first]) => variable(stacked([first])),
    read: (weight) => names.map(() => unstacked(weight, 1)[0]),
    variables: (weight) => [weight],
  };
}

/** A vector for each attention head, `[heads, width]`; in PyTorch `[1, heads, width]`. */
export function headVectors(name: string, heads: number, width: number): ParameterSpec<tf.Variable<tf.Rank.R2>> {
  const size = { inputs: heads, outputs: width, by: 'glorot' as const };
  return {
    tensors: [tensor(name, [1, heads, width], (rng) => drawn(heads * width, size, rng))],
    make: ([{ shape, values }]) => variable({ shape: [shape[1], shape[2]], values }),
    read: (vectors) => [{ shape: [1, ...vectors.shape], values: read(vectors).values }],
    variables: (vectors) => [vectors],
  };
}

/**
 * A number that is not trained.
 *
 * @param name its tensor of the given shape, `[]` or `[1]`; undefined where the checkpoint keeps none
 */
export function constant(
  name: { readonly name: string; readonly shape: readonly number[] } | undefined,
  value: number,
): ParameterSpec<number> {
  const tensors =
    name === undefined ? [] : [{ ...tensor(name.name, name.shape, () => Float32Array.of(value)), trained: false }];
  return {
    tensors,
    make: () => value,
    read: () => tensors.map(({ shape }) => ({ shape, values: Float32Array.of(value) })),
    variables: () => [],
  };
}

/** BatchNorm, at first the identity; nothing where there is no name. */
function normOf(name: string | undefined, width: number): ParameterSpec<NormVariables | undefined> {
  if (name === undefined) return { tensors: [], make: () => undefined, read: () => [], variables: () => [] };
  const filled = (part: string, value: number): TensorSpec =>
    tensor(`${name}.${part}`, [width], () => new Float32Array(width).fill(value));
  const parts = [filled('weight', 1), filled('bias', 0), filled('running_mean', 0), filled('running_var', 1)];
  const counter: TensorSpec = {
    ...{ name: `${name}.num_batches_tracked`, dtype: 'int64', shape: [], trained: false },
    initial: () => new Float32Array(1),
  };
  return {
    tensors: [...parts, counter],
    make: ([gamma, beta, mean, variance]) => ({
      gamma: vector(gamma),
      beta: vector(beta),
      running: { mean: mean.values.slice(), variance: variance.values.slice() },
    }),
    read: (norm) => {
      if (norm === undefined) return [];
      const { gamma, beta, running } = norm;
      const plain = [running.mean, running.variance].map((values) => ({
        shape: [values.length],
        values: values.slice(),
      }));
      return [read(gamma), read(beta), ...plain, { shape: [], values: new Float32Array(1) }];
    },
    variables: (norm) => (norm === undefined ? [] : [norm.gamma, norm.beta]),
  };
}

/** A tensor of numbers that training may change. */
export function tensor(name: string, shape: readonly number[], initial: TensorSpec['initial']): TensorSpec {
  return { name, dtype: 'float32', shape, trained: true, initial };
}

/**
 * PyTorch's values are uniform within 1 / sqrt(inputs) (Kaiming uniform with a = sqrt(5)), Glorot's within
 * sqrt(6 / (inputs + outputs)).
 */
function drawn(
  length: number,
  { inputs, outputs, by }: { readonly inputs: number; readonly outputs: number; readonly by: Initialisation },
  rng: Rng,
): Float32Array {
  if (by === 'zeros') return new Float32Array(length);
  const limit = by === 'pytorch' ? 1 / Math.sqrt(inputs) : Math.sqrt(6 / (inputs + outputs));
  return Float32Array.from({ length }, () => rng.between(-limit, limit));
}

/** Values as a variable of the same shape. */
export function variable<R extends tf.Rank>({ shape, values }: TensorValues): tf.Variable<R> {
  return tf.tidy(() => tf.variable(tf.tensor<R>(values.slice(), shape as tf.ShapeMap[R])));
}

/** The same for a vector. */
export function vector(values: TensorValues): tf.Variable<tf.Rank.R1> {
  return variable<tf.Rank.R1>(values);
}

/** What a variable holds now. */
export function read(variable: tf.Variable): TensorValues {
  return { shape: variable.shape, values: Float32Array.from(variable.dataSync()) };
}

/** `[outputs, inputs]` each, transposed and one below the other: `[all inputs, outputs]`. */
function stacked(matrices: readonly TensorValues[]): TensorValues {
  const [outputs] = matrices[0].shape;
  const values = new Float32Array(matrices.reduce((length, { values: own }) => length + own.length, 0));
  let written = 0;
  for (const { shape, values: own } of matrices) {
    values.set(transposed(own, outputs, shape[1]), written);
    written += own.length;
  }
  return { shape: [values.length / outputs, outputs], values };
}

/** The opposite of `stacked`, for matrices of the same size. */
function unstacked(weight: tf.Variable<tf.Rank.R2>, count: number): TensorValues[] {
  const [rows, outputs] = weight.shape;
  const inputs = rows / count;
  const all = weight.dataSync<'float32'>();
  return Array.from({ length: count }, (_, i) => {
    const own = all.subarray(i * inputs * outputs, (i + 1) * inputs * outputs);
    return { shape: [outputs, inputs], values: transposed(own, inputs, outputs) };
  });
}

/** @param values row-major `[rows, columns]` */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j];
  }
  return result;
}

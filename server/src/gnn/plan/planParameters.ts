import * as tf from '@tensorflow/tfjs-core';
import {
  read,
  tensor,
  transposed,
  variable,
  vector,
  type LinearVariables,
  type NormVariables,
  type ParameterSpec,
  type TensorSpec,
  type TensorValues,
} from '../parameters';
import type { ConstantTensor, LinearTensors, NormStep } from './modelPlan';

/** Parameters side by side under their names. */
export function combined<P extends object>(specs: {
  readonly [Name in keyof P]: ParameterSpec<P[Name]>;
}): ParameterSpec<P> {
  const named = Object.entries(specs) as [keyof P, ParameterSpec<P[keyof P]>][];
  return {
    tensors: named.flatMap(([, spec]) => spec.tensors),
    make: (tensors) => {
      let first = 0;
      const made = named.map(([name, spec]) => {
        const own = tensors.slice(first, (first += spec.tensors.length));
        return [name, spec.make(own)] as const;
      });
      return Object.fromEntries(made) as P;
    },
    read: (value) => named.flatMap(([name, spec]) => spec.read(value[name])),
    variables: (value) => named.flatMap(([name, spec]) => spec.variables(value[name])),
    norms: (value) => named.flatMap(([name, spec]) => spec.norms?.(value[name]) ?? []),
  };
}

/** No parameter at all. */
export const nothing: ParameterSpec<undefined> = {
  tensors: [],
  make: () => undefined,
  read: () => [],
  variables: () => [],
};

/** A parameter, or undefined where the model has none. */
export function optional<Source, P>(
  source: Source | undefined,
  spec: (source: Source) => ParameterSpec<P>,
): ParameterSpec<P | undefined> {
  return source === undefined ? nothing : spec(source);
}

/** A parameter in another form. */
export function mapped<P, Q>(spec: ParameterSpec<P>, to: (value: P) => Q, from: (value: Q) => P): ParameterSpec<Q> {
  return {
    tensors: spec.tensors,
    make: (tensors) => to(spec.make(tensors)),
    read: (value) => spec.read(from(value)),
    variables: (value) => spec.variables(from(value)),
    norms: (value) => spec.norms?.(from(value)) ?? [],
  };
}

/** A linear layer. Where it has no bias, zeros stand for it that no training changes. */
export function linearOf(tensors: LinearTensors): ParameterSpec<LinearVariables> {
  const { inputs, outputs, transposed: isTransposed = false, copies = [] } = tensors;
  const shape = isTransposed ? [inputs, outputs] : [outputs, inputs];
  const limit = 1 / Math.sqrt(inputs);
  const drawn = (name: string, own: readonly number[]): TensorSpec =>
    tensor(name, own, (rng) =>
      Float32Array.from({ length: own.reduce((a, b) => a * b) }, () => rng.between(-limit, limit)),
    );
  const all = [tensors, ...copies];
  const specs = all.map(({ weight, bias }) => [
    drawn(weight, shape),
    ...(bias === undefined ? [] : [drawn(bias, [outputs])]),
  ]);
  return {
    tensors: specs.flat(),
    make: ([weight, bias]) => ({
      weight: variable({
        shape: [inputs, outputs],
        values: isTransposed ? weight.values : transposed(weight.values, outputs, inputs),
      }),
      bias: tensors.bias === undefined ? fixed(outputs, 0) : vector(bias),
    }),
    read: ({ weight, bias }) => {
      const own = weight.dataSync<'float32'>();
      const values = isTransposed ? own.slice() : transposed(own, inputs, outputs);
      return all.flatMap((names) => [{ shape, values }, ...(names.bias === undefined ? [] : [read(bias)])]);
    },
    variables: ({ weight, bias }) => [weight, bias],
  };
}

/** A normalisation's variables. */
export interface NormValue {
  readonly gamma: tf.Variable<tf.Rank.R1>;
  readonly beta: tf.Variable<tf.Rank.R1>;
  /** Of GraphNorm. */
  readonly meanScale: tf.Variable<tf.Rank.R1> | undefined;
  /** Of BatchNorm. */
  readonly batch: NormVariables | undefined;
}

/**
 * A normalisation, at first the identity. Where it does not scale or shift, ones and zeros stand for that which no
 * training changes.
 *
 * @param ofGraphs whether its rows are graphs
 * @throws RangeError for a BatchNorm without running statistics
 */
export function normOf(step: NormStep, ofGraphs: boolean): ParameterSpec<NormValue> {
  const { kind, width, epsilon, counter } = step;
  if (kind === 'batch' && (step.mean === undefined || step.variance === undefined)) {
    throw new RangeError('a BatchNorm without running statistics cannot be run');
  }
  const parts = [
    { name: step.scale, value: 1 },
    { name: step.shift, value: 0 },
    { name: step.meanScale, value: 1 },
    { name: step.mean, value: 0 },
    { name: step.variance, value: 1 },
  ];
  const counters: TensorSpec[] =
    counter === undefined
      ? []
      : [{ name: counter, dtype: 'int64', shape: [], trained: false, initial: () => new Float32Array(1) }];
  const own = parts.flatMap(({ name, value }) =>
    name === undefined ? [] : [tensor(name, [width], () => new Float32Array(width).fill(value))],
  );
  return {
    tensors: [...own, ...counters],
    make: (tensors) => {
      let next = 0;
      const [scale, shift, meanScale, mean, variance] = parts.map(({ name }) =>
        name === undefined ? undefined : tensors[next++],
      );
      const gamma = scale === undefined ? fixed(width, 1) : vector(scale);
      const beta = shift === undefined ? fixed(width, 0) : vector(shift);
      const running = mean &&
        variance && { mean: Float32Array.from(mean.values), variance: Float32Array.from(variance.values) };
      return {
        gamma,
        beta,
        meanScale: meanScale && vector(meanScale),
        batch: running && { gamma, beta, running, epsilon, ofGraphs },
      };
    },
    read: ({ gamma, beta, meanScale, batch }) => {
      const values: (TensorValues | undefined)[] = [
        read(gamma),
        read(beta),
        meanScale && read(meanScale),
        ...[batch?.running.mean, batch?.running.variance].map(
          (each) => each && { shape: [width], values: each.slice() },
        ),
      ];
      return [
        ...values.filter((value, i): value is TensorValues => value !== undefined && parts[i].name !== undefined),
        ...counters.map(() => ({ shape: [], values: new Float32Array(1) })),
      ];
    },
    variables: ({ gamma, beta, meanScale }) => [gamma, beta, ...(meanScale === undefined ? [] : [meanScale])],
    norms: ({ batch }) => (batch === undefined ? [] : [batch]),
  };
}

/** A vector that is added, at first zero. */
export function biasOf(name: string, width: number): ParameterSpec<tf.Variable<tf.Rank.R1>> {
  return {
    tensors: [tensor(name, [width], () => new Float32Array(width))],
    make: ([values]) => vector(values),
    read: (bias) => [read(bias)],
    variables: (bias) => [bias],
  };
}

/** A tensor whose values are kept as they are. */
export function keptOf({ name, shape }: ConstantTensor): ParameterSpec<TensorValues> {
  const length = shape.reduce((a, b) => a * b, 1);
  return {
    tensors: [{ ...tensor(name, shape, () => new Float32Array(length)), trained: false, kept: true }],
    make: ([values]) => values,
    read: (values) => [values],
    variables: () => [],
  };
}

/** A vector that no training changes. */
function fixed(width: number, value: number): tf.Variable<tf.Rank.R1> {
  return tf.tidy(() => tf.variable(tf.fill<tf.Rank.R1>([width], value), false));
}

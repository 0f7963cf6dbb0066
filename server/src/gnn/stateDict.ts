import type { Tensor } from '../checkpoint/checkpoint';
import { linearValues, type GinParameters, type LinearValues, type LinearVariables } from './parameters';
import type { GinTensorNames, LinearNames } from './tensorNames';

/** One entry of a model's state dict, ready to be written to a checkpoint. */
export interface StateDictEntry {
  readonly name: string;
  readonly dtype: 'float32' | 'int64';
  /** As in PyTorch: weights are `[outputs, inputs]`. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** All tensors of a model in PyTorch's order, BatchNorm's statistics included. */
export function stateDict(parameters: GinParameters, names: GinTensorNames): StateDictEntry[] {
  return [
    ...parameters.layers.flatMap(({ eps, first, second }, i) => {
      const named = names.layers[i];
      const epsEntry = named.eps === undefined ? [] : [float32(named.eps.name, named.eps.shape, [eps])];
      return [...epsEntry, ...linearEntries(first, named.first), ...linearEntries(second, named.second)];
    }),
    ...linearEntries(parameters.output, names.output),
  ];
}

function linearEntries(variables: LinearVariables, names: LinearNames): StateDictEntry[] {
  const { outputs, inputs, weight, bias, norm } = linearValues(variables);
  const entries = [
    float32(`${names.linear}.weight`, [outputs, inputs], weight),
    float32(`${names.linear}.bias`, [outputs], bias),
  ];
  if (norm === undefined || names.norm === undefined) return entries;
  const counter: StateDictEntry = {
    name: `${names.norm}.num_batches_tracked`,
    dtype: 'int64',
    shape: [],
    values: new Float32Array(1),
  };
  return [
    ...entries,
    float32(`${names.norm}.weight`, [outputs], norm.gamma),
    float32(`${names.norm}.bias`, [outputs], norm.beta),
    float32(`${names.norm}.running_mean`, [outputs], norm.mean),
    float32(`${names.norm}.running_var`, [outputs], norm.variance),
    counter,
  ];
}

function float32(name: string, shape: readonly number[], values: ArrayLike<number>): StateDictEntry {
  return { name, dtype: 'float32', shape, values: Float32Array.from(values) };
}

/** Values of one linear layer and its BatchNorm. The names must have been recognised in these tensors. */
export function loadLinear(tensors: ReadonlyMap<string, Tensor>, names: LinearNames): LinearValues {
  const find = (name: string): Tensor => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new RangeError(`there is no tensor ${name}`);
    return tensor;
  };
  const weight = find(`${names.linear}.weight`);
  const [outputs, inputs] = weight.shape;
  return {
    outputs,
    inputs,
    weight: weight.values(),
    bias: find(`${names.linear}.bias`).values(),
    ...(names.norm !== undefined && {
      norm: {
        gamma: find(`${names.norm}.weight`).values(),
        beta: find(`${names.norm}.bias`).values(),
        mean: find(`${names.norm}.running_mean`).values(),
        variance: find(`${names.norm}.running_var`).values(),
      },
    }),
  };
}

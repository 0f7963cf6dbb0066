import type { Tensor } from '../../checkpoint/checkpoint';
import type { LinearTensors } from '../plan/modelPlan';
import { UnrecognisedArchitectureError } from '../unrecognised';

/** Tensors by the names that recognition goes by, in the order of the file. Each knows the name it has in the file. */
export type NamedTensors = ReadonlyMap<string, Tensor>;

/** The same tensors under other names. */
export function renamed(tensors: NamedTensors, rename: (name: string, tensor: Tensor) => string): NamedTensors {
  const result = new Map<string, Tensor>();
  for (const [name, tensor] of tensors) {
    const called = rename(name, tensor);
    const other = result.get(called);
    if (other !== undefined) {
      throw new UnrecognisedArchitectureError(`it and ${other.name} are both read as ${called}`, tensor.name);
    }
    result.set(called, tensor);
  }
  return result;
}

/** The name of a tensor in the file; its own where there is none. */
export function inFile(tensors: NamedTensors, name: string): string {
  return tensors.get(name)?.name ?? name;
}

/** A module, and what its tensors are called below it. */
export interface Module {
  readonly name: string;
  readonly parts: readonly string[];
}

/** What tensors are directly below, in the order of the file: `convs.0.lin` of `convs.0.lin.weight`. */
export function modulesOf(names: Iterable<string>): Module[] {
  const modules = new Map<string, string[]>();
  for (const name of names) {
    const dot = name.lastIndexOf('.');
    const module = dot < 0 ? '' : name.slice(0, dot);
    const parts = modules.get(module) ?? [];
    modules.set(module, parts);
    parts.push(name.slice(dot + 1));
  }
  return [...modules].map(([name, parts]) => ({ name, parts }));
}

/** How a linear map is kept. */
export interface LinearOptions {
  /** Name of its bias. Default: `bias` beside the weight. */
  readonly bias?: string;
  /** The weight is `[inputs, outputs]`. Default false. */
  readonly transposed?: boolean;
}

/**
 * Reads a linear map.
 *
 * @param weight name of its weight
 * @throws UnrecognisedArchitectureError unless weight and bias fit each other; the bias may be missing
 */
export function readLinear(tensors: NamedTensors, weight: string, options: LinearOptions = {}): LinearTensors {
  const { bias = `${weight.slice(0, weight.lastIndexOf('.'))}.bias`, transposed = false } = options;
  const tensor = tensors.get(weight);
  if (tensor?.shape.length !== 2 || tensor.shape.includes(0)) {
    throw new UnrecognisedArchitectureError(`a matrix was expected, found ${found(tensor)}`, inFile(tensors, weight));
  }
  const [outputs, inputs] = transposed ? [tensor.shape[1], tensor.shape[0]] : tensor.shape;
  return {
    weight: tensor.name,
    ...(tensors.has(bias) && { bias: readVector(tensors, bias, outputs) }),
    inputs,
    outputs,
    ...(transposed && { transposed }),
  };
}

/**
 * @returns the name in the file
 * @throws UnrecognisedArchitectureError unless the vector is there and has the length
 */
export function readVector(tensors: NamedTensors, name: string, length: number): string {
  const tensor = tensors.get(name);
  if (tensor?.shape.length === 1 && tensor.shape[0] === length) return tensor.name;
  throw new UnrecognisedArchitectureError(
    `shape [${length}] was expected, found ${found(tensor)}`,
    inFile(tensors, name),
  );
}

/** A tensor's shape in words. */
export function found(tensor: Tensor | undefined): string {
  return tensor === undefined ? 'no such tensor' : `shape [${tensor.shape.join(', ')}]`;
}

/** Whether two tensors hold the same values. */
export function sameValues(a: Tensor | undefined, b: Tensor | undefined): boolean {
  const [one, other] = [a?.values() ?? [], b?.values() ?? []];
  return one.length === other.length && one.every((value, i) => value === other[i]);
}

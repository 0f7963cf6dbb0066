/** Names tensors in the object tree of a TorchScript module as `state_dict()` does. */

import { limits } from '../limits';
import type { PickleValue } from '../pickle/values';
import { PickleDict, PickleList, PickleObject, PickleTuple } from '../pickle/values';
import type { StateDict } from '../pytorch/stateDict';
import type { TensorReference } from '../pytorch/tensorReference';
import { UnreadTensor, asTensor } from '../pytorch/tensorReference';

type Tensors = Map<string, TensorReference | UnreadTensor>;

/** Classes that TorchScript compiled lie in modules of this name (`torch/csrc/jit/serialization/pickler.cpp`). */
const compiled = '__torch__.';

/**
 * All tensors that a module holds: parameters, buffers and other attributes, in lists and dicts too, as what the module
 * computes may hang on each of them. Undefined where `root` is no module.
 */
export function moduleTensors(root: PickleValue): StateDict | undefined {
  if (attributesOf(root) === undefined) return undefined;
  const tensors: Tensors = new Map();
  collect(root, { name: '', depth: 0 }, tensors, { left: limits.entries });
  return { tensors, wrapper: '' };
}

/** Tensors that compiled code refers to as `CONSTANTS.c0` and so on: all weights of a frozen module. */
export function constantTensors(root: PickleValue): StateDict {
  const tensors: Tensors = new Map();
  const items = root instanceof PickleTuple || root instanceof PickleList ? root.items : [];
  items.forEach((item, i) => {
    const tensor = asTensor(item);
    if (tensor !== undefined) tensors.set(`CONSTANTS.c${i}`, tensor);
  });
  return { tensors, wrapper: '' };
}

/** What a value is called, and how deep it lies in the module. */
interface Place {
  readonly name: string;
  readonly depth: number;
}

function collect(value: PickleValue, { name, depth }: Place, into: Tensors, budget: { left: number }): void {
  const tensor = asTensor(value);
  if (tensor !== undefined) {
    into.set(name, tensor);
    return;
  }
  // Values may hold each other many times over, or in a circle.
  if (budget.left < 0) return;
  const parts = partsOf(value);
  budget.left -= parts.length;
  if (budget.left < 0 || depth > limits.moduleDepth || name.length > limits.tensorName) {
    const reason = 'its modules hold each other deeper or more often than is followed, or have longer names';
    if (parts.length > 0) into.set(name.slice(0, 80), new UnreadTensor(reason));
    return;
  }
  for (const [key, part] of parts) {
    collect(part, { name: name === '' ? key : `${name}.${key}`, depth: depth + 1 }, into, budget);
  }
}

function partsOf(value: PickleValue): (readonly [string, PickleValue])[] {
  if (value instanceof PickleTuple || value instanceof PickleList) {
    return value.items.map((item, i) => [String(i), item]);
  }
  const entries = value instanceof PickleDict ? value : attributesOf(value);
  const parts: (readonly [string, PickleValue])[] = [];
  for (const [key, item] of entries?.entries ?? []) {
    if (typeof key === 'string' || typeof key === 'number') parts.push([String(key), item]);
  }
  return parts;
}

/** What BUILD sets on an object of a compiled class. */
function attributesOf(value: PickleValue): PickleDict | undefined {
  if (!(value instanceof PickleObject) || value.path?.startsWith(compiled) !== true) return undefined;
  const state = value.states.at(-1);
  return state instanceof PickleDict ? state : undefined;
}

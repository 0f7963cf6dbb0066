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
  collect(root, '', tensors, { left: limits.modules });
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

function collect(value: PickleValue, path: string, into: Tensors, budget: { left: number }): void {
  if (path.split('.').length > limits.moduleDepth || budget.left-- <= 0) {
    into.set(path.slice(0, 80), new UnreadTensor('its modules hold each other deeper or more often than is followed'));
    return;
  }
  const tensor = asTensor(value);
  if (tensor !== undefined) into.set(path, tensor);
  else for (const [key, part] of partsOf(value)) collect(part, path === '' ? key : `${path}.${key}`, into, budget);
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

/** Finds the state dict in what a PyTorch checkpoint loads to. */

import { limits } from '../limits';
import type { PickleValue } from '../pickle/values';
import {
  GlobalReference,
  PersistentReference,
  PickleDict,
  PickleList,
  PickleObject,
  PickleTuple,
} from '../pickle/values';
import type { OutsideTensors, TensorReference } from './tensorReference';
import { UnreadTensor, asTensor } from './tensorReference';

export interface StateDict {
  readonly tensors: ReadonlyMap<string, TensorReference | UnreadTensor>;
  /** Key under which it was found; empty for a bare one. */
  readonly wrapper: string;
}

/** Keys that training scripts keep the weights under, the most telling first. */
const usualWrappers = ['state_dict', 'model_state_dict', 'model_state', 'model', 'net', 'network', 'module', 'weights'];

type Tensors = Map<string, TensorReference | UnreadTensor>;

/**
 * The state dict of a loaded value, or why there is none to read.
 *
 * @param outside tensors that the value names instead of holding them
 */
export function findStateDict(root: PickleValue, outside?: OutsideTensors): StateDict | string {
  const bare = moduleTensors(root, outside);
  if (bare !== undefined) return { tensors: bare, wrapper: '' };
  const entries = asEntries(root);
  if (entries === undefined) return describeOther(root, outside);

  const direct = directTensors(entries, outside);
  const wrapped = new Map<string, Tensors>();
  for (const [key, value] of entries) {
    const tensors =
      moduleTensors(value, outside) ?? directTensors(asEntries(value) ?? new Map<string, PickleValue>(), outside);
    if (tensors.size > 0) wrapped.set(key, tensors);
  }
  for (const key of usualWrappers) {
    const tensors = wrapped.get(key);
    if (tensors !== undefined) return { tensors, wrapper: key };
  }
  const [only] = wrapped;
  // A lone tensor beside a dict of them is a score or a step count.
  if (wrapped.size === 1 && only[1].size > direct.size) return { tensors: only[1], wrapper: only[0] };
  if (direct.size > 0) return { tensors: direct, wrapper: '' };
  if (wrapped.size > 0) {
    const keys = [...wrapped.keys()].map((key) => JSON.stringify(key)).join(', ');
    return `it holds several state dicts (${keys}) and none of them under a usual key such as "state_dict"`;
  }
  return 'it holds no tensors';
}

function describeOther(root: PickleValue, outside?: OutsideTensors): string {
  if (asTensor(root, outside) !== undefined) return 'it holds a single tensor, not the weights of a model';
  if (root instanceof PickleList || root instanceof PickleTuple) return 'it holds a list, not a state dict or a model';
  if (root instanceof PickleObject) return `it holds an object of ${root.path ?? 'a computed class'}, not a state dict`;
  return 'it holds neither a state dict nor a model';
}

function directTensors(entries: ReadonlyMap<string, PickleValue>, outside?: OutsideTensors): Tensors {
  const tensors: Tensors = new Map();
  for (const [key, value] of entries) {
    const tensor = asTensor(value, outside);
    if (tensor !== undefined) tensors.set(key, tensor);
  }
  return tensors;
}

/** Entries with text keys of a dict or OrderedDict; undefined for anything else. */
function asEntries(value: PickleValue): Map<string, PickleValue> | undefined {
  if (!(value instanceof PickleDict) && !(value instanceof PickleObject && isDictClass(value))) return undefined;
  const entries = new Map<string, PickleValue>();
  for (const [key, item] of value.entries) {
    if (typeof key === 'string') entries.set(key, item);
  }
  return entries;
}

function isDictClass(value: PickleObject): boolean {
  return ['collections.OrderedDict', 'collections.defaultdict', 'builtins.dict', '__builtin__.dict'].includes(
    value.path ?? '',
  );
}

/** Tensors of a pickled `nn.Module`, named and ordered as `state_dict()` does; undefined for anything else. */
function moduleTensors(value: PickleValue, outside?: OutsideTensors): Tensors | undefined {
  if (moduleState(value) === undefined) return undefined;
  const tensors: Tensors = new Map();
  collectModule(value, '', tensors, { left: limits.modules, outside });
  return tensors;
}

/** The module's `__dict__`: the state that BUILD would put into it. */
function moduleState(value: PickleValue): Map<string, PickleValue> | undefined {
  if (!(value instanceof PickleObject) || !isClass(value.callable)) return undefined;
  const state = asEntries(value.states.at(-1) ?? null);
  return state?.has('_parameters') && state.has('_modules') ? state : undefined;
}

/** A class by its name. Before PyTorch 1.6 those of modules were kept outside, with their source text. */
function isClass(value: PickleValue): boolean {
  if (!(value instanceof PersistentReference)) return value instanceof GlobalReference;
  const { id } = value;
  if (!(id instanceof PickleTuple)) return false;
  const [first, second] = id.items;
  return first instanceof GlobalReference || (first === 'module' && second instanceof GlobalReference);
}

/** Bounds the walk, as modules may hold each other many times over or in a circle. */
interface Walk {
  left: number;
  readonly outside?: OutsideTensors;
}

function collectModule(value: PickleValue, prefix: string, into: Tensors, walk: Walk): void {
  const state = moduleState(value);
  if (state === undefined) return;
  if (prefix.split('.').length > limits.moduleDepth || walk.left-- <= 0) {
    into.set(
      prefix.slice(0, 80),
      new UnreadTensor('its modules hold each other deeper or more often than is followed'),
    );
    return;
  }
  const transient = state.get('_non_persistent_buffers_set');
  const skipped = new Set(transient === undefined ? [] : setItems(transient));
  for (const [key, item] of asEntries(state.get('_parameters') ?? null) ?? []) add(key, item);
  for (const [key, item] of asEntries(state.get('_buffers') ?? null) ?? []) {
    if (!skipped.has(key)) add(key, item);
  }
  for (const [key, child] of asEntries(state.get('_modules') ?? null) ?? []) {
    collectModule(child, `${prefix}${key}.`, into, walk);
  }

  function add(key: string, item: PickleValue): void {
    const tensor = asTensor(item, walk.outside);
    if (tensor !== undefined) into.set(prefix + key, tensor);
  }
}

/** Items of a set: protocol 4 has opcodes for it, older ones call `set([...])`. */
function setItems(value: PickleValue): readonly PickleValue[] {
  if (value instanceof PickleList) return value.items;
  if (value instanceof PickleObject && value.args[0] instanceof PickleList) return value.args[0].items;
  return [];
}

/** Goes through what a PyTorch checkpoint loads to in search of tensors. Values may hold each other many times over. */

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
import type { OtherForms, TensorReference } from './tensorReference';
import { UnreadTensor, asTensor } from './tensorReference';

export type FoundTensors = ReadonlyMap<string, TensorReference | UnreadTensor>;

type Entries = ReadonlyMap<string, PickleValue>;

/** So many characters of a name count as one entry more: names of what is inside of much else are long. */
const charactersOfEntry = 32;

/** What is found is found once, however often it is asked for. */
export class StateWalk {
  private left: number = limits.entries;
  private readonly entries = new Map<PickleValue, Entries>();
  private readonly tensors = new Map<PickleValue, FoundTensors>();

  constructor(private readonly forms: OtherForms) {}

  /** Entries with text keys of a dict or OrderedDict; undefined for anything else. */
  entriesOf(value: PickleValue): Entries | undefined {
    if (!(value instanceof PickleDict) && !(value instanceof PickleObject && isDictClass(value))) return undefined;
    const known = this.entries.get(value);
    if (known !== undefined) return known;
    const entries = new Map<string, PickleValue>();
    for (const [key, item] of value.entries) {
      if (typeof key === 'string') entries.set(key, item);
    }
    this.entries.set(value, entries);
    return entries;
  }

  /** Tensors of a pickled `nn.Module`, named and ordered as `state_dict()` does, or of a dict; none of anything else. */
  tensorsIn(value: PickleValue): FoundTensors {
    const known = this.tensors.get(value);
    if (known !== undefined) return known;
    const found = new Map<string, TensorReference | UnreadTensor>();
    if (this.isModule(value)) this.collectModule(value, '', 0, found);
    else this.collectTensors(this.entriesOf(value), '', found);
    this.tensors.set(value, found);
    return found;
  }

  isModule(value: PickleValue): boolean {
    return this.moduleState(value) !== undefined;
  }

  isTensor(value: PickleValue): boolean {
    return asTensor(value, this.forms) !== undefined;
  }

  /** The module's `__dict__`: the state that BUILD would put into it. */
  private moduleState(value: PickleValue): Entries | undefined {
    if (!(value instanceof PickleObject) || !isClass(value.callable)) return undefined;
    const state = this.entriesOf(value.states.at(-1) ?? null);
    return state?.has('_parameters') && state.has('_modules') ? state : undefined;
  }

  private collectModule(
    value: PickleValue,
    prefix: string,
    depth: number,
    into: Map<string, TensorReference | UnreadTensor>,
  ): void {
    const state = this.moduleState(value);
    if (state === undefined) return;
    const [parameters, buffers, modules] = ['_parameters', '_buffers', '_modules'].map((key) =>
      this.entriesOf(state.get(key) ?? null),
    );
    const transient = setItems(state.get('_non_persistent_buffers_set'));
    const named = (parameters?.size ?? 0) + (buffers?.size ?? 0) + (modules?.size ?? 0);
    this.left -= 1 + named * Math.ceil((1 + prefix.length) / charactersOfEntry) + transient.length;
    if (this.left < 0 || depth > limits.moduleDepth || prefix.length > limits.tensorName) {
      const reason = 'its modules hold each other deeper or more often than is followed, or have longer names';
      into.set(prefix.slice(0, 80), new UnreadTensor(reason));
      return;
    }
    const skipped = new Set(transient);
    this.collectTensors(parameters, prefix, into);
    this.collectTensors(buffers, prefix, into, skipped);
    for (const [key, child] of modules ?? []) this.collectModule(child, `${prefix}${key}.`, depth + 1, into);
  }

  private collectTensors(
    entries: Entries | undefined,
    prefix: string,
    into: Map<string, TensorReference | UnreadTensor>,
    skipped?: ReadonlySet<PickleValue>,
  ): void {
    for (const [key, item] of entries ?? []) {
      const tensor = skipped?.has(key) ? undefined : asTensor(item, this.forms);
      if (tensor !== undefined) into.set(prefix + key, tensor);
    }
  }
}

function isDictClass(value: PickleObject): boolean {
  return ['collections.OrderedDict', 'collections.defaultdict', 'builtins.dict', '__builtin__.dict'].includes(
    value.path ?? '',
  );
}

/** A class by its name. Before PyTorch 1.6 those of modules were kept outside, with their source text. */
function isClass(value: PickleValue): boolean {
  if (!(value instanceof PersistentReference)) return value instanceof GlobalReference;
  const { id } = value;
  if (!(id instanceof PickleTuple)) return false;
  const [first, second] = id.items;
  return first instanceof GlobalReference || (first === 'module' && second instanceof GlobalReference);
}

/** Items of a set: protocol 4 has opcodes for it, older ones call `set([...])`. */
function setItems(value: PickleValue | undefined): readonly PickleValue[] {
  if (value instanceof PickleList) return value.items;
  if (value instanceof PickleObject && value.args[0] instanceof PickleList) return value.args[0].items;
  return [];
}

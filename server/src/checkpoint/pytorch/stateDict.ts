/** Finds the state dict in what a PyTorch checkpoint loads to. */

import type { PickleValue } from '../pickle/values';
import { PickleList, PickleObject, PickleTuple } from '../pickle/values';
import type { FoundTensors } from './stateWalk';
import { StateWalk } from './stateWalk';
import type { OtherForms } from './tensorReference';

export interface StateDict {
  readonly tensors: FoundTensors;
  /** Key under which it was found; empty for a bare one. */
  readonly wrapper: string;
}

/** Keys that training scripts keep the weights under, the most telling first. */
const usualWrappers = ['state_dict', 'model_state_dict', 'model_state', 'model', 'net', 'network', 'module', 'weights'];

/**
 * The state dict of a loaded value, or why there is none to read.
 *
 * @param forms what of the value is not as `torch.save` writes it today
 */
export function findStateDict(root: PickleValue, forms: OtherForms = {}): StateDict | string {
  const walk = new StateWalk(forms);
  if (walk.isModule(root)) return { tensors: walk.tensorsIn(root), wrapper: '' };
  const entries = walk.entriesOf(root);
  if (entries === undefined) return describeOther(root, walk);

  const direct = walk.tensorsIn(root);
  const wrapped = new Map<string, FoundTensors>();
  for (const [key, value] of entries) {
    const tensors = walk.tensorsIn(value);
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

function describeOther(root: PickleValue, walk: StateWalk): string {
  if (walk.isTensor(root)) return 'it holds a single tensor, not the weights of a model';
  if (root instanceof PickleList || root instanceof PickleTuple) return 'it holds a list, not a state dict or a model';
  if (root instanceof PickleObject) return `it holds an object of ${root.path ?? 'a computed class'}, not a state dict`;
  return 'it holds neither a state dict nor a model';
}

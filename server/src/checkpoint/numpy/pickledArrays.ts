/** Names for all arrays of a pickled value, by the way to them. */

import { limits } from '../limits';
import type { PickleValue } from '../pickle/values';
import { PickleDict, PickleList, PickleObject, PickleTuple } from '../pickle/values';
import type { PickledArray } from './pickledArray';
import { asArray } from './pickledArray';
import type { PickledBytes } from './pickledBytes';

export interface PickledArrays {
  readonly arrays: ReadonlyMap<string, PickledArray>;
  /** Why others are not read. */
  readonly unread: ReadonlyMap<string, string>;
}

/** Characters of the name of what is not followed. */
const longestName = 80;

/** What an array is called that is all there is. */
const loneArray = 'array';

/**
 * The arrays in `root`: `layers.0.weight` is the value of "weight" in the first item of the value of "layers". Objects are
 * gone into by their attributes.
 *
 * @param bytes of the pickle
 */
export function findArrays(root: PickleValue, bytes: PickledBytes): PickledArrays {
  const arrays = new Map<string, PickledArray>();
  const unread = new Map<string, string>();
  // Values may hold each other many times over, or in a circle.
  let left: number = limits.entries;
  const visit = (value: PickleValue, path: string, depth: number): void => {
    const array = asArray(value, bytes);
    const name = depth === 0 ? loneArray : path;
    if (array === undefined) {
      if (left < 0) return;
      const parts = partsOf(value);
      left -= parts.size;
      if (left >= 0 && depth < limits.moduleDepth && path.length <= limits.tensorName) {
        for (const [key, part] of parts) visit(part, depth === 0 ? key : `${path}.${key}`, depth + 1);
      } else if (parts.size > 0 && unread.size < limits.anomalies) {
        const reason = 'values hold each other deeper or more often than is followed, or have longer names';
        unread.set(name.slice(0, longestName), reason);
      }
      return;
    }
    if (arrays.delete(name) || unread.has(name)) unread.set(name, 'there are two arrays of this name');
    else if (typeof array === 'string') unread.set(name, array);
    else arrays.set(name, array);
  };
  visit(root, '', 0);
  return { arrays, unread };
}

/** What a value holds, by keys that can be written down. */
function partsOf(value: PickleValue): ReadonlyMap<string, PickleValue> {
  const parts = new Map<string, PickleValue>();
  const addEntries = (entries: readonly (readonly [PickleValue, PickleValue])[]): void => {
    for (const [key, part] of entries) {
      if (typeof key === 'string' || typeof key === 'number') parts.set(String(key), part);
    }
  };
  const addItems = (items: readonly PickleValue[]): void => {
    for (const [i, item] of items.entries()) parts.set(String(i), item);
  };
  if (value instanceof PickleTuple || value instanceof PickleList) addItems(value.items);
  if (value instanceof PickleDict) addEntries(value.entries);
  if (value instanceof PickleObject) {
    addItems(value.items);
    addEntries(value.entries);
    const state = value.states.at(-1);
    if (state instanceof PickleDict) addEntries(state.entries);
  }
  return parts;
}

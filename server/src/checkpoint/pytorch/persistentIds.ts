import type { PickleValue } from '../pickle/values';
import { PersistentReference, PickleDict, PickleList, PickleObject, PickleTuple } from '../pickle/values';

/** The ids of everything outside of the pickle that a value refers to, however deep. */
export function persistentIds(root: PickleValue): PickleValue[] {
  const ids: PickleValue[] = [];
  const seen = new Set<PickleValue>();
  const ahead: PickleValue[] = [root];
  for (let value = ahead.pop(); value !== undefined; value = ahead.pop()) {
    const parts = partsOf(value);
    // Values hold each other many times over, or in a circle.
    if (parts === undefined || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof PersistentReference) ids.push(value.id);
    for (const part of parts) ahead.push(part);
  }
  return ids;
}

/** What a value holds; undefined for values that hold nothing. */
function partsOf(value: PickleValue): Iterable<PickleValue> | undefined {
  if (value instanceof PickleTuple || value instanceof PickleList) return value.items;
  if (value instanceof PickleDict) return value.entries.flat();
  if (value instanceof PersistentReference) return [value.id];
  if (value instanceof PickleObject) {
    return [value.callable, ...value.args, ...value.states, ...value.items, ...value.entries.flat()];
  }
  return undefined;
}

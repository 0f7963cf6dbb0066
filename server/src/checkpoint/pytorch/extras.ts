/** What a PyTorch checkpoint holds beside the weights: epoch, settings, the optimizer's state. */

import type { Extras } from '../checkpointFormat';
import { limits } from '../limits';
import type { PickleValue } from '../pickle/values';
import { PickleDict, PickleList, PickleObject, PickleTuple } from '../pickle/values';

/** How deep plain data nest. */
const deepest = 20;

/** Entries of the checkpoint's dict `root`, other than the state dict under `wrapper`; nothing of a bare state dict. */
export function findExtras(root: PickleValue, wrapper: string): Extras {
  // Of a bare state dict, or a module, every part belongs to the weights.
  if (wrapper === '' || !(root instanceof PickleDict || root instanceof PickleObject)) return { plain: {}, others: [] };
  const plain = new Map<string, string>();
  const others = new Set<string>();
  for (const [key, value] of root.entries) {
    if (typeof key !== 'string' || key === wrapper) continue;
    const text = plainText(value);
    plain.delete(key);
    others.delete(key);
    if (text === undefined) others.add(key);
    else plain.set(key, text);
  }
  return { plain: Object.fromEntries(plain), others: [...others] };
}

function plainText(value: PickleValue): string | undefined {
  const budget = { left: limits.extraText };
  const data = plainData(value, deepest, budget);
  if (data === undefined) return undefined;
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return text.length <= limits.extraText ? text : undefined;
}

/** A value as JSON knows it, undefined where JSON has no such thing. Values may hold each other many times over: `budget`. */
function plainData(value: PickleValue, depth: number, budget: { left: number }): unknown {
  if (depth < 0 || budget.left-- <= 0) return undefined;
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (value instanceof PickleTuple || value instanceof PickleList) {
    const items = value.items.map((item) => plainData(item, depth - 1, budget));
    return items.includes(undefined) ? undefined : items;
  }
  if (!(value instanceof PickleDict)) return undefined;
  const entries: [string, unknown][] = [];
  for (const [key, item] of value.entries) {
    const data = plainData(item, depth - 1, budget);
    if ((typeof key !== 'string' && typeof key !== 'number') || data === undefined) return undefined;
    entries.push([String(key), data]);
  }
  return Object.fromEntries(entries);
}

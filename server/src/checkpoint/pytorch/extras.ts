/** What a PyTorch checkpoint holds beside the weights: epoch, settings, the optimizer's state. */

import type { Extras } from '../checkpointFormat';
import { noExtras } from '../checkpointFormat';
import { limits } from '../limits';
import type { PickleValue } from '../pickle/values';
import { PickleDict, PickleList, PickleObject, PickleTuple } from '../pickle/values';

/** How deep plain data nest. */
const deepest = 20;

/** Entries of the checkpoint's dict `root`, other than the state dict under `wrapper`; nothing of a bare state dict. */
export function findExtras(root: PickleValue, wrapper: string): Extras {
  // Of a bare state dict, or a module, every part belongs to the weights.
  if (wrapper === '' || !(root instanceof PickleDict || root instanceof PickleObject)) return noExtras;
  const plain = new Map<string, string>();
  const others = new Set<string>();
  // Many keys may hold the same long list.
  let left: number = limits.entries;
  for (const [key, value] of root.entries) {
    if (typeof key !== 'string' || key === wrapper) continue;
    const budget = { left: Math.min(left, limits.extraText + 1) };
    const before = budget.left;
    const text = plainText(value, budget);
    left -= before - budget.left;
    plain.delete(key);
    others.delete(key);
    if (text === undefined) others.add(key);
    else plain.set(key, text);
  }
  return { plain: Object.fromEntries(plain), others: [...others] };
}

function plainText(value: PickleValue, budget: { left: number }): string | undefined {
  const data = plainData(value, deepest, budget);
  if (data === undefined) return undefined;
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return text.length <= limits.extraText ? text : undefined;
}

/**
 * A value as JSON knows it, undefined where JSON has no such thing.
 *
 * @param budget of values and characters together: values may hold each other many times over, long texts too
 */
function plainData(value: PickleValue, depth: number, budget: { left: number }): unknown {
  if (depth < 0 || budget.left-- <= 0) return undefined;
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return takeText(value, budget);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (value instanceof PickleTuple || value instanceof PickleList) {
    const items = value.items.map((item) => plainData(item, depth - 1, budget));
    return items.includes(undefined) ? undefined : items;
  }
  if (!(value instanceof PickleDict)) return undefined;
  const entries: [string, unknown][] = [];
  for (const [key, item] of value.entries) {
    const name = typeof key === 'string' || typeof key === 'number' ? takeText(String(key), budget) : undefined;
    const data = name === undefined ? undefined : plainData(item, depth - 1, budget);
    if (name === undefined || data === undefined) return undefined;
    entries.push([name, data]);
  }
  return Object.fromEntries(entries);
}

function takeText(text: string, budget: { left: number }): string | undefined {
  if (text.length > budget.left) return undefined;
  budget.left -= text.length;
  return text;
}

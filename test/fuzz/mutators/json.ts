/** Mutations of JSON that leave it JSON. */

import type { Rng } from '../../../server/src/graph/rng';
import { bytesMutator } from './bytes';
import type { MutationContext, Mutator } from './mutator';
import { oneOf } from './mutator';

/** Names with which careless code reaches what all objects share. */
const perilousNames = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', ''];

const hardValues: readonly unknown[] = [
  ...[null, true, false, '', '0', [], {}, [[]], [{}], -1, 0, -0, 0.5, 1, 2, 3, 64, 255, 1e5, 2 ** 27, 2 ** 31, 2 ** 32],
  ...[2 ** 53, 2 ** 53 + 2, 1e19, 1e308, -1e308, 5e-324, '\u0000', '\ud800', 'x'.repeat(300), '../x', '/x', 'C:x'],
];

/** @param words that mean something in the format: names of properties, and values */
export function jsonMutator(words: readonly string[] = []): Mutator {
  const names = [...words, ...perilousNames];
  const values = [...words, ...hardValues];
  const structured: Mutator = (input, context) => {
    let value: unknown;
    try {
      value = JSON.parse(Buffer.from(input).toString('utf8'));
    } catch {
      return asBytes(input, context);
    }
    const edit = new JsonEdit(names, values, context);
    for (let left = 1 + context.rng.weighted([6, 3, 1]); left > 0; left--) value = edit.changed(value, 0);
    return Buffer.from(JSON.stringify(value) ?? 'null');
  };
  const asBytes = bytesMutator([...words, ...perilousNames, '{', '}', '[', ']', ',', ':', '"', '\\u0000', '1e999']);
  return oneOf([5, structured], [1, asBytes]);
}

type Entries = (readonly [string, unknown])[];

class JsonEdit {
  constructor(
    private readonly names: readonly string[],
    private readonly values: readonly unknown[],
    private readonly context: MutationContext,
  ) {}

  /** `value` with a change in one place of it. */
  changed(value: unknown, depth: number): unknown {
    const { rng } = this.context;
    if (typeof value !== 'object' || value === null) return this.otherThan(value, depth);
    // The deeper, the likelier: most values are leaves.
    if (rng.integer(12) === 0) return this.otherThan(value, depth);
    if (Array.isArray(value)) return this.changedList([...(value as unknown[])], depth);
    // Not by assignment, which would take `__proto__` for the prototype.
    return Object.fromEntries(this.changedEntries(Object.entries(value), depth));
  }

  private changedList(list: unknown[], depth: number): unknown[] {
    const { rng } = this.context;
    const at = rng.integer(list.length + 1);
    switch (rng.weighted([list.length > 0 ? 6 : 0, 1, 1, 1])) {
      case 0:
        list[at % list.length] = this.changed(list[at % list.length], depth + 1);
        break;
      case 1:
        list.splice(at, 1);
        break;
      case 2:
        list.splice(at, 0, list.length > 0 ? rng.pick(list) : this.fresh());
        break;
      default:
        list.splice(at, 0, this.fresh());
    }
    return list;
  }

  private changedEntries(entries: Entries, depth: number): Entries {
    const { rng } = this.context;
    const at = rng.integer(entries.length + 1);
    const [name, value] = entries[at % Math.max(1, entries.length)] ?? ['', null];
    switch (rng.weighted([entries.length > 0 ? 8 : 0, 1, 1, 1, 1])) {
      case 0:
        entries[at % entries.length] = [name, this.changed(value, depth + 1)];
        break;
      case 1:
        entries.splice(at, 1);
        break;
      case 2:
        entries.splice(at, 1, [this.newName(name), value]);
        break;
      case 3:
        entries.splice(at, 0, [this.newName(name), value]);
        break;
      default:
        entries.splice(at, 0, [rng.pick(this.names), this.fresh()]);
    }
    return entries;
  }

  private otherThan(value: unknown, depth: number): unknown {
    const { rng } = this.context;
    const choice = rng.integer(6);
    if (typeof value === 'number' && choice < 3) return nudged(value, rng);
    if (typeof value === 'string' && choice < 3) return this.newName(value);
    if (choice === 3) return rng.integer(2) === 0 ? [value] : { [rng.pick(this.names)]: value };
    // Deep enough for whoever walks it by recursion without a limit.
    if (choice === 4 && depth > 0 && rng.integer(20) === 0) return nested(rng.integer(1 << 14));
    return this.fresh();
  }

  private fresh(): unknown {
    const { rng } = this.context;
    if (rng.integer(4) > 0) return rng.pick(this.values);
    try {
      return pickInside(JSON.parse(Buffer.from(this.context.other()).toString('utf8')), rng);
    } catch {
      return rng.pick(this.values);
    }
  }

  private newName(name: string): string {
    const { rng } = this.context;
    if (rng.integer(2) === 0) return rng.pick(this.names);
    const at = rng.integer(name.length + 1);
    const inserted = rng.pick(['', '0', '1', '.', '..', '/', '\\', '-', ':', '\u0000', '\u00e9', rng.pick(this.names)]);
    return name.slice(0, at) + inserted + name.slice(at + rng.integer(3));
  }
}

function nudged(value: number, rng: Rng): number {
  return rng.pick([value + 1, value - 1, -value, value * 2, value / 2, value * 2 ** 32, value + 0.5]);
}

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

function pickInside(value: unknown, rng: Rng): unknown {
  let inside = value;
  while (typeof inside === 'object' && inside !== null && rng.integer(4) > 0) {
    const parts = Object.values(inside);
    if (parts.length === 0) break;
    inside = rng.pick(parts);
  }
  return inside;
}

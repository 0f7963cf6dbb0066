/** Parts of what a stream passes to the things it calls. */

import type { PickleValue, PickleObject } from './values';
import { PickleDict, PickleTuple } from './values';

/** Earlier states of an object, and attributes of each, that are searched for how it is restored. */
const statesCompared = 4;
const attributesCompared = 64;

/** Whether the arguments of `_codecs.encode` are those of bytes in protocols that have none. */
export function isLatin1([text, encoding]: readonly PickleValue[]): boolean {
  return typeof text === 'string' && (encoding === 'latin1' || encoding === 'latin-1');
}

/** Arguments of a call are a tuple; anything else is shown as a single one. */
export function positional(args: PickleValue): readonly PickleValue[] {
  return args instanceof PickleTuple ? args.items : [args];
}

/** What an earlier BUILD set as the attribute `name` of an object. */
export function ownAttribute({ states }: PickleObject, name: string): PickleValue | undefined {
  for (const state of states.slice(-statesCompared)) {
    const parts = state instanceof PickleTuple ? state.items.slice(0, 2) : [state];
    for (const part of parts) {
      if (!(part instanceof PickleDict)) continue;
      const found = part.entries.slice(-attributesCompared).find(([key]) => key === name);
      if (found !== undefined) return found[1];
    }
  }
  return undefined;
}

/** Parts of what a stream passes to the things it calls. */

import type { ByteString, PickleValue, TextString } from './values';
import { isBytes, isText, PickleDict, PickleObject, PickleTuple } from './values';

/** Earlier states of an object, and attributes of each, that are searched for how it is restored. */
const statesCompared = 4;
const attributesCompared = 64;

/** Whether the arguments of `_codecs.encode` are those of bytes in protocols that have none. */
export function isLatin1(args: readonly PickleValue[]): args is readonly [TextString, ...PickleValue[]] {
  const [text, encoding] = args;
  return isText(text) && (encoding === 'latin1' || encoding === 'latin-1');
}

/** The byte string that a value is, or the Latin-1 text by which protocols without byte strings make it. */
export function byteString(value: PickleValue | undefined): ByteString | TextString | undefined {
  if (isBytes(value)) return value;
  if (!(value instanceof PickleObject) || value.path !== '_codecs.encode') return undefined;
  return isLatin1(value.args) ? value.args[0] : undefined;
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

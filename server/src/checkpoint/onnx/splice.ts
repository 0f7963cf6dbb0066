/** Other fields in a message, with the lengths of all messages around them made right. */

import type { FieldBudget } from './wire';
import { fieldsOf, varint, wire } from './wire';

/** Bytes to put in place of a whole field, from its tag to its end. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/**
 * The message from `start` to before `end` of `bytes` with `edits` made; all other fields stay byte for byte.
 *
 * @param edits sorted, of fields that do not overlap, within this message or messages inside it
 */
export function spliced(
  bytes: Uint8Array,
  start: number,
  end: number,
  edits: readonly Edit[],
  budget: FieldBudget,
): Uint8Array {
  if (edits.length === 0) return bytes.subarray(start, end);
  const parts: Uint8Array[] = [];
  let next = 0;
  for (const field of fieldsOf(bytes, start, end, budget)) {
    const inside: Edit[] = [];
    while (next < edits.length && edits[next].end <= field.end) inside.push(edits[next++]);
    if (inside.length === 0) {
      parts.push(bytes.subarray(field.start, field.end));
    } else if (inside.length === 1 && inside[0].start === field.start && inside[0].end === field.end) {
      parts.push(inside[0].bytes);
    } else {
      const content = spliced(bytes, field.from, field.end, inside, budget);
      parts.push(varint(field.number * 8 + wire.bytes), varint(content.length), content);
    }
  }
  return Buffer.concat(parts);
}

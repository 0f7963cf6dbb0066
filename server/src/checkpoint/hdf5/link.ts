/** Link messages: members of a group. */

import type { Cursor } from './cursor';

export type Link =
  | { readonly name: string; readonly kind: 'hard'; readonly address: number }
  /** To whatever has this path when it is followed. */
  | { readonly name: string; readonly kind: 'soft'; readonly target: string }
  /** To another file, or of a kind that programs define. */
  | { readonly name: string; readonly kind: 'external' };

export function readLink(cursor: Cursor): Link {
  cursor.version('a link', 1);
  const flags = cursor.uint8();
  const type = (flags & 8) !== 0 ? cursor.uint8() : 0;
  if ((flags & 4) !== 0) cursor.skip(8);
  if ((flags & 0x10) !== 0) cursor.skip(1);
  const name = cursor.text(cursor.uint(1 << (flags & 3)));
  if (type === 0) return { name, kind: 'hard', address: cursor.someAddress('a link') };
  if (type === 1) return { name, kind: 'soft', target: cursor.text(cursor.uint16()) };
  return { name, kind: 'external' };
}

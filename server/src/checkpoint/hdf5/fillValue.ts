import type { Cursor } from './cursor';

/** The element that stands where nothing was written; undefined where that is zero. */
export function readFillValue(cursor: Cursor): Uint8Array | undefined {
  const version = cursor.version('a fill value', 1, 2, 3);
  let isGiven = true;
  if (version === 3) isGiven = (cursor.uint8() & 0x20) !== 0;
  else {
    cursor.skip(2);
    isGiven = cursor.uint8() === 1 || version === 1;
  }
  return isGiven ? cursor.block(cursor.uint32()) : undefined;
}

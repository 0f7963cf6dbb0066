/** Files that are one zlib stream, as joblib writes them when it compresses. */

import { constants, deflateSync, inflateSync } from 'node:zlib';
import { CheckpointError } from '../checkpoint';
import { limits } from '../limits';

/** Bytes of a stream that tell what is in it. */
const tried = 512;

/** Whether bytes begin as a zlib stream does: method deflate, a check that fits, no preset dictionary. */
export function looksLikeZlib(head: Uint8Array): boolean {
  const [method, flags] = head;
  return method === 0x78 && ((method << 8) | flags) % 31 === 0 && (flags & 0x20) === 0;
}

/** The first bytes of what `head` inflates to; none where it is damaged. */
export function inflatedHead(head: Uint8Array): Uint8Array {
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: limits.inflateFreely };
    return inflateSync(head.subarray(0, tried), options);
  } catch {
    return new Uint8Array();
  }
}

/** What `bytes` inflate to. Throws CheckpointError where they are damaged or become more than is read. */
export function inflated(bytes: Uint8Array, file: string): Uint8Array {
  const most = Math.max(limits.inflateFreely, Math.min(limits.inflatedTotal, bytes.length * limits.inflateRatio));
  try {
    return inflateSync(bytes, { maxOutputLength: most });
  } catch {
    throw new CheckpointError(file, 'its zlib stream is damaged, or inflates to more than is read');
  }
}

export function deflated(bytes: Uint8Array): Uint8Array {
  return deflateSync(bytes);
}

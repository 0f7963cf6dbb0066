/** Bytes that are not in the file as they are, but made from it when they are asked for. */

import type { ByteSource } from './byteSource';

/**
 * A source of `length` bytes that `decode` makes. They are kept as long as memory is not needed for something else.
 *
 * @param decode gives exactly `length` bytes, the same each time, or throws CheckpointError
 */
export function decodedSource(length: number, decode: () => Uint8Array): ByteSource {
  let kept: WeakRef<Uint8Array> | undefined;
  return {
    length,
    subarray(start, end) {
      const bytes = kept?.deref() ?? decode();
      kept = new WeakRef(bytes);
      return bytes.subarray(start, end);
    },
  };
}

/** Tells model file formats apart by their first bytes; the file's name says nothing. */

import type { ByteSource } from './byteSource';
import { looksLikeSafetensors } from './safetensors/header';
import { looksLikeTar } from './tar';
import { hasDirectory } from './zip/directory';

export type ContainerKind =
  | 'zip'
  /** A zip archive behind other bytes: PyTorch takes such a file for a pickle. */
  | 'prefixed-zip'
  | 'safetensors'
  /** `torch.save` before PyTorch 1.6: five pickles, then the storages. */
  | 'legacy-pytorch'
  /** `torch.save` before PyTorch 0.1.10. */
  | 'tar'
  | 'other';

/** The pickled number 0x1950a86a20f9469cfc6c with which legacy files start (torch/serialization.py, `MAGIC_NUMBER`). */
const legacyMagic = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

export function startsWith(bytes: Uint8Array, prefix: readonly number[] | string): boolean {
  const wanted = typeof prefix === 'string' ? new TextEncoder().encode(prefix) : prefix;
  return bytes.length >= wanted.length && wanted.every((byte, i) => bytes[i] === byte);
}

/** Enough of a file's beginning for all formats but the prefixed zip archive, which shows at the end. */
const headLength = 512;

/** Whether a zip archive begins with the first byte. */
export function startsAsZip(source: ByteSource): boolean {
  const head = source.subarray(0, 4);
  return startsWith(head, 'PK\x03\x04') || startsWith(head, 'PK\x05\x06');
}

export function containerKind(source: ByteSource): ContainerKind {
  if (startsAsZip(source)) return 'zip';
  const head = source.subarray(0, headLength);
  if (startsWith(head, legacyMagic)) return 'legacy-pytorch';
  if (looksLikeSafetensors(head)) return 'safetensors';
  if (looksLikeTar(head)) return 'tar';
  return hasDirectory(source) ? 'prefixed-zip' : 'other';
}

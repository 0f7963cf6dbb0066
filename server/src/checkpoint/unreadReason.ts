import type { ContainerKind } from './containerKind';
import { startsWith } from './containerKind';

/** How other files start, and what to tell their owner. */
const others: readonly (readonly [prefix: string | readonly number[], reason: string])[] = [
  ['version https://git-lfs', 'this is a Git LFS pointer, not the model: run "git lfs pull" to fetch it'],
  ['<', 'this is an HTML or XML page, not a model: its download went wrong'],
  [[0x1f, 0x8b], 'the file is compressed with gzip: unpack it first'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'the file is a 7-Zip archive: unpack it first'],
  ['BZh', 'the file is compressed with bzip2: unpack it first'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], 'the file is compressed with xz: unpack it first'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'the file is compressed with Zstandard: unpack it first'],
  // Its signature has line breaks in it for this purpose.
  [[0x89, 0x48, 0x44, 0x46], 'the signature of the HDF5 file is damaged: it may have been transferred as text'],
  [[0x80], 'it begins as a pickle does, but of a protocol that is not known'],
];

/** Why a file of this kind is not read as a checkpoint, and what would help. */
export function unreadReason(bytes: Uint8Array, kind: ContainerKind): string {
  if (bytes.length === 0) return 'the file is empty';
  if (kind === 'prefixed-zip') {
    return 'other bytes come before the zip archive: PyTorch would not read the archive but run those bytes as a pickle';
  }
  const known = others.find(([prefix]) => startsWith(bytes, prefix))?.[1];
  return known ?? 'neither a PyTorch checkpoint nor safetensors, nor of another format that is read';
}

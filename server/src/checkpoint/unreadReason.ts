import type { ContainerKind } from './containerKind';
import { startsWith } from './containerKind';

/** How other files start, and what to tell their owner. */
const others: readonly (readonly [prefix: string | readonly number[], reason: string])[] = [
  ['version https://git-lfs', 'this is a Git LFS pointer, not the model: run "git lfs pull" to fetch it'],
  ['<', 'this is an HTML or XML page, not a model: its download went wrong'],
  [[0x1f, 0x8b], 'the file is compressed with gzip: unpack it first'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'the file is a 7-Zip archive: unpack it first'],
  [[0x89, 0x48, 0x44, 0x46], 'HDF5 files (Keras) are not read'],
  [[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], 'NumPy files are not read'],
  [[0x80], 'a plain pickle is not read as a checkpoint: save the state dict with torch.save'],
];

/** Why a file of this kind is not read as a checkpoint, and what would help. */
export function unreadReason(bytes: Uint8Array, kind: ContainerKind): string {
  if (bytes.length === 0) return 'the file is empty';
  switch (kind) {
    case 'prefixed-zip':
      return 'other bytes come before the zip archive: PyTorch would not read the archive but run those bytes as a pickle';
    default:
      return (
        others.find(([prefix]) => startsWith(bytes, prefix))?.[1] ?? 'neither a PyTorch checkpoint nor safetensors'
      );
  }
}

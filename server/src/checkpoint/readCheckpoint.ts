import type { Checkpoint } from './checkpoint';
import { CheckpointError } from './checkpoint';
import { containerKind } from './containerKind';
import { readPyTorch } from './pytorch/readPyTorch';
import { readSafetensors } from './safetensors/readSafetensors';
import { unreadReason } from './unreadReason';

/**
 * Reads a model file: PyTorch's zip format or safetensors, told apart by content. Nothing in it is executed or imported.
 * `file` is only used to name the file in errors. Throws CheckpointError where the file is damaged, of another format,
 * or past a limit.
 */
export function readCheckpoint(bytes: Uint8Array, file: string): Checkpoint {
  const kind = containerKind(bytes);
  if (kind === 'zip') return readPyTorch(bytes, file);
  if (kind === 'safetensors') return readSafetensors(bytes, file);
  throw new CheckpointError(file, unreadReason(bytes, kind));
}

import { CheckpointError } from './checkpoint';
import { containerKind } from './containerKind';
import { rewritePyTorch } from './pytorch/rewritePyTorch';
import { rewriteSafetensors } from './safetensors/rewriteSafetensors';
import { unreadReason } from './unreadReason';

/**
 * A copy of a model file with other numbers in some tensors. `replacements` maps names as in `Checkpoint.tensors` to
 * row-major values, which are rounded to the tensor's element type. All else is kept: entries, their names and order,
 * the pickle, shapes, element types, strides, byte order. Throws CheckpointError where the file cannot be read, a name
 * is unknown, a value does not fit, or tensors that share elements would contradict each other.
 */
export function rewriteCheckpoint(
  bytes: Uint8Array,
  file: string,
  replacements: ReadonlyMap<string, ArrayLike<number>>,
): Uint8Array {
  const kind = containerKind(bytes);
  if (kind === 'zip') return rewritePyTorch(bytes, file, replacements);
  if (kind === 'safetensors') return rewriteSafetensors(bytes, file, replacements);
  throw new CheckpointError(file, unreadReason(bytes, kind));
}

import type { ByteSource } from './byteSource';
import type { Checkpoint } from './checkpoint';
import { CheckpointError } from './checkpoint';
import { containerKind } from './containerKind';
import { isReadAnyway } from './inspectCode';
import type { Extras } from './pytorch/extras';
import { findExtras } from './pytorch/extras';
import { openPyTorchArchive } from './pytorch/archive';
import { readSafetensors } from './safetensors/readSafetensors';
import type { ViewedTensor } from './stridedView';
import { viewedTensor } from './stridedView';
import { unreadReason } from './unreadReason';

export interface OpenCheckpoint extends Checkpoint {
  /** Tensors that are read when their values are asked for, whole or in parts (`tensorParts.ts`). */
  readonly tensors: ReadonlyMap<string, ViewedTensor>;
  readonly extras: Extras;
}

/** Bytes that are enough to tell what else a file may be. */
const headLength = 4096;

/**
 * Opens a model file as `readCheckpoint` does, but reads no more of `source` than headers and the pickle. Checksums of
 * tensor data are not compared.
 *
 * @param file names the file in errors
 * @throws CheckpointError as `readCheckpoint`, and whatever reading the source throws
 */
export function openCheckpoint(source: ByteSource, file: string): OpenCheckpoint {
  const kind = containerKind(source);
  if (kind === 'safetensors') {
    return { ...readSafetensors(source, file), extras: { plain: {}, others: [] } };
  }
  if (kind !== 'zip') throw new CheckpointError(file, unreadReason(source.subarray(0, headLength), kind));
  const archive = openPyTorchArchive(source, file, { isChecked: isReadAnyway, largeTensors: true });
  const tensors = new Map<string, ViewedTensor>();
  for (const [name, { view, entry }] of archive.tensors) tensors.set(name, viewedTensor(name, view, entry.content));
  const { wrapper, globals, anomalies } = archive;
  const extras = findExtras(archive.root, wrapper);
  return { format: 'pytorch-zip', tensors, wrapper, globals, anomalies, metadata: {}, extras };
}

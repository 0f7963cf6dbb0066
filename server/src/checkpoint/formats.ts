/** All file formats that are read, in the order in which they are tried. */

import type { ByteSource } from './byteSource';
import { CheckpointError } from './checkpoint';
import type { CheckpointFormat } from './checkpointFormat';
import { startsAsZip } from './containerKind';
import { matchFormat } from './matchFormat';
import { keras } from './keras/keras';
import { kerasHdf5 } from './keras/kerasHdf5';
import { npy } from './numpy/npy';
import { npz } from './numpy/npz';
import { pickle } from './numpy/pickle';
import { onnx } from './onnx/onnx';
import { pytorchLegacy } from './pytorch/pytorchLegacy';
import { pytorchTar } from './pytorch/pytorchTar';
import { pytorchZip } from './pytorch/pytorchZip';
import { safetensors } from './safetensors/safetensors';
import { shardedFormat } from './sharded/sharded';
import { tfjsLayers } from './tfjs/tfjsLayers';
import { torchscript } from './torchscript/torchscript';

const knownFormats: readonly CheckpointFormat[] = [
  safetensors,
  pytorchLegacy,
  pytorchTar,
  torchscript,
  npy,
  npz,
  kerasHdf5,
  keras,
  onnx,
  tfjsLayers,
  pickle,
  // The last of the zip archives: it says of those that nobody knows what they lack.
  pytorchZip,
];

const formats: readonly CheckpointFormat[] = [...knownFormats, shardedFormat(knownFormats)];

/**
 * The format of a file, by its content.
 *
 * @param file names the file in errors
 * @throws CheckpointError where it is of none that is read, with what would help; what reading the source throws
 */
export function formatOf(source: ByteSource, file: string): CheckpointFormat {
  return matchFormat(formats, source, file);
}

/**
 * Names of the files beside a model file that belong to it, in order, each once: none of a model of one file, nor of what
 * cannot be read. Whoever opens them has to ask `requireBeside` first.
 */
export function filesBeside(source: ByteSource, file: string): readonly string[] {
  // This is asked of every model, often. Zip archives hold all of theirs: which of them it is need not be read.
  if (startsAsZip(source)) return [];
  try {
    return formatOf(source, file).filesBeside?.(source, file) ?? [];
  } catch (error) {
    if (error instanceof CheckpointError) return [];
    throw error;
  }
}

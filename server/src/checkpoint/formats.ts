/** All file formats that are read, in the order in which they are tried. */

import type { ByteSource } from './byteSource';
import type { CheckpointFormat } from './checkpointFormat';
import { matchFormat } from './matchFormat';
import { keras } from './keras/keras';
import { kerasHdf5 } from './keras/kerasHdf5';
import { npy } from './numpy/npy';
import { npz } from './numpy/npz';
import { onnx } from './onnx/onnx';
import { pytorchLegacy } from './pytorch/pytorchLegacy';
import { pytorchTar } from './pytorch/pytorchTar';
import { pytorchZip } from './pytorch/pytorchZip';
import { safetensors } from './safetensors/safetensors';
import { shardedFormat } from './sharded/sharded';
import { torchscript } from './torchscript/torchscript';

const formatsOfOneFile: readonly CheckpointFormat[] = [
  safetensors,
  pytorchLegacy,
  pytorchTar,
  torchscript,
  npy,
  npz,
  kerasHdf5,
  keras,
  onnx,
  // The last of the zip archives: it says of those that nobody knows what they lack.
  pytorchZip,
];

const formats: readonly CheckpointFormat[] = [...formatsOfOneFile, shardedFormat(formatsOfOneFile)];

/**
 * The format of a file, by its content.
 *
 * @param file names the file in errors
 * @throws CheckpointError where it is of none that is read, with what would help; what reading the source throws
 */
export function formatOf(source: ByteSource, file: string): CheckpointFormat {
  return matchFormat(formats, source, file);
}

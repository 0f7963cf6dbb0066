/** All file formats that are read, in the order in which they are tried. */

import type { ByteSource } from './byteSource';
import type { CheckpointFormat } from './checkpointFormat';
import { CheckpointError } from './checkpoint';
import { Glimpse } from './glimpse';
import { npy } from './numpy/npy';
import { npz } from './numpy/npz';
import { onnx } from './onnx/onnx';
import { pytorchZip } from './pytorch/pytorchZip';
import { safetensors } from './safetensors/safetensors';
import { unreadReason } from './unreadReason';

const formats: readonly CheckpointFormat[] = [
  safetensors,
  npy,
  npz,
  onnx,
  // The last of the zip archives: it says of those that nobody knows what they lack.
  pytorchZip,
];

/**
 * The format of a file, by its content.
 *
 * @param file names the file in errors
 * @throws CheckpointError where it is of none that is read, with what would help; what reading the source throws
 */
export function formatOf(source: ByteSource, file: string): CheckpointFormat {
  const glimpse = new Glimpse(source, file);
  const format = formats.find((one) => one.matches(glimpse));
  if (format === undefined) throw new CheckpointError(file, unreadReason(glimpse.head, glimpse.kind));
  return format;
}

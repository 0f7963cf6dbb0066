import { checkedBeside, nothingBeside } from './beside';
import type { ByteSource } from './byteSource';
import type { OpenBeside, OpenCheckpoint } from './checkpointFormat';
import { formatOf } from './formats';
import { isReadAnyway } from './inspectCode';

export type { OpenCheckpoint } from './checkpointFormat';

/**
 * Opens a model file as `readCheckpoint` does, but reads no more of `source` than headers and pickles. Checksums of
 * tensor data are not compared, and tensors may be larger than fits into one array.
 *
 * @param file names the file in errors
 * @param openBeside opens files of the same folder, for models of several files. Default: there are none
 * @throws CheckpointError as `readCheckpoint`, and whatever reading the source throws
 */
export function openCheckpoint(
  source: ByteSource,
  file: string,
  openBeside: OpenBeside = nothingBeside,
): OpenCheckpoint {
  return formatOf(source, file).open(source, {
    file,
    isChecked: isReadAnyway,
    largeTensors: true,
    openBeside: checkedBeside(openBeside, file),
  });
}

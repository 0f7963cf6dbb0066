import { checkedBeside, nothingBeside } from './beside';
import type { OpenBeside, OpenCheckpoint } from './checkpointFormat';
import { formatOf } from './formats';

/**
 * Reads a model file of any format in `formats.ts`, told apart by content. Nothing in it is executed or imported. A
 * tensor that cannot be read is listed in `unread` with its reason.
 *
 * @param file names the file in errors
 * @param openBeside opens files of the same folder, for models of several files. Default: there are none
 * @throws CheckpointError where the file is damaged, of another format, or past a limit
 */
export function readCheckpoint(
  bytes: Uint8Array,
  file: string,
  openBeside: OpenBeside = nothingBeside,
): OpenCheckpoint {
  return formatOf(bytes, file).open(bytes, {
    file,
    isChecked: () => true,
    largeTensors: false,
    openBeside: checkedBeside(openBeside, file),
  });
}

import { checkedBeside, nothingBeside } from './beside';
import { CheckpointError } from './checkpoint';
import type { OpenBeside, Replacements, RewrittenModel } from './checkpointFormat';
import { formatOf } from './formats';

export type { RewrittenModel } from './checkpointFormat';

export interface RewriteSurroundings {
  /** Opens files beside the original. Default: there are none. */
  readonly openBeside?: OpenBeside;
  /** What a file beside the copy is to be called that is called `name` beside the original. Default: the same. */
  readonly renamed?: (name: string) => string;
}

/**
 * A copy of a model file with other numbers in some tensors. `replacements` maps names as in `Checkpoint.tensors` to
 * row-major values, which are rounded to the tensor's element type. All else is kept: entries, their names and order,
 * the pickle, shapes, element types, strides, byte order. Throws CheckpointError where the file cannot be read, a name
 * is unknown, a value does not fit, or tensors that share elements would contradict each other.
 */
export function rewriteCheckpoint(
  bytes: Uint8Array,
  file: string,
  replacements: Replacements,
  { openBeside = nothingBeside, renamed = (name) => name }: RewriteSurroundings = {},
): RewrittenModel {
  const format = formatOf(bytes, file);
  if (format.rewrite === undefined) {
    throw new CheckpointError(file, `a file of this format (${format.id}) is read, but not written back`);
  }
  return format.rewrite(bytes, replacements, {
    file,
    isChecked: () => true,
    largeTensors: false,
    openBeside: checkedBeside(openBeside, file),
    renamed,
  });
}

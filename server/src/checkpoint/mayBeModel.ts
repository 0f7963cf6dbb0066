import type { ByteSource } from './byteSource';
import { CheckpointError } from './checkpoint';
import { formatOf } from './formats';
import { runGrowingPickle } from './growingPickle';
import { limits } from './limits';

/**
 * Whether the content of a file is that of a model, or of something that a loader would run: for files whose names say
 * little. In doubt it is.
 *
 * @param file names the file in errors
 * @throws what reading the source throws
 */
export function mayBeModel(source: ByteSource, file: string): boolean {
  try {
    formatOf(source, file);
    return true;
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    return mayBePickle(source);
  }
}

/** Whether loaders would get anywhere with a file as a pickle: to its end, or to an import. */
function mayBePickle(source: ByteSource): boolean {
  const { fault, imports } = runGrowingPickle(source, limits.pickleWindow, { left: limits.pickleOperations });
  return fault === undefined || fault.atLimit || fault.offset >= limits.pickleWindow / 2 || imports.length > 0;
}

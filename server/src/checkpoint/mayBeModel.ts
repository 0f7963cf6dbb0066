import type { ByteSource } from './byteSource';
import { section } from './byteSource';
import { CheckpointError } from './checkpoint';
import { formatOf } from './formats';
import { limits } from './limits';
import { runPickle } from './pickle/machine';

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
  const start = section(source, 0, Math.min(source.length, limits.pickleWindow));
  const { fault, imports } = runPickle(start, 0, { left: limits.pickleOperations });
  return fault === undefined || fault.atLimit || fault.offset >= limits.pickleWindow / 2 || imports.length > 0;
}

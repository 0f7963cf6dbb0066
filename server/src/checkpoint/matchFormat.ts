import type { ByteSource } from './byteSource';
import { CheckpointError } from './checkpoint';
import type { CheckpointFormat } from './checkpointFormat';
import { Glimpse } from './glimpse';
import { unreadReason } from './unreadReason';

/**
 * The first of some formats that a file is of, by its content.
 *
 * @param file names the file in errors
 * @throws CheckpointError where it is of none of them, with what would help; what reading the source throws
 */
export function matchFormat(formats: readonly CheckpointFormat[], source: ByteSource, file: string): CheckpointFormat {
  const glimpse = new Glimpse(source, file);
  const format = formats.find((one) => one.matches(glimpse));
  if (format === undefined) throw new CheckpointError(file, unreadReason(glimpse.head, glimpse.kind));
  return format;
}

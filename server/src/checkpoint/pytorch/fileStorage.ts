import type { Replacements } from '../checkpointFormat';
import type { Storage, StoredTensors } from './storedTensors';
import { replacedStorages } from './storedTensors';

/** A storage that lies in the file as it is. */
export interface FileStorage extends Storage {
  /** Its first byte in the file. */
  readonly start: number;
}

/** A copy of a file with other numbers in its storages, which keep their places. Throws CheckpointError. */
export function withReplaced(
  bytes: Uint8Array,
  stored: StoredTensors<FileStorage>,
  replacements: Replacements,
  file: string,
): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (const [{ start }, content] of replacedStorages(stored, replacements, file)) copy.set(content, start);
  return copy;
}

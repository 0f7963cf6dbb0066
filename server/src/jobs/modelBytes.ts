import { CheckpointError } from '../checkpoint/checkpoint';
import type { OpenBeside } from '../checkpoint/checkpointFormat';
import { filesBeside } from '../checkpoint/formats';
import { FileSource } from './fileSource';

/**
 * Bytes of a model: of its file, and of those that belong to it and are there.
 *
 * @throws CheckpointError where the file itself cannot be read
 */
export function modelBytes(path: string): Promise<number> {
  return FileSource.with(path, (file, openBeside) => file.length + bytesBeside(filesBeside(file, path), openBeside));
}

/** Bytes of those of some files beside a model that are there. */
export function bytesBeside(names: readonly string[], openBeside: OpenBeside): number {
  return names.reduce((sum, name) => sum + lengthOf(name, openBeside), 0);
}

function lengthOf(name: string, openBeside: OpenBeside): number {
  try {
    return openBeside(name).length;
  } catch (error) {
    if (error instanceof CheckpointError) return 0;
    throw error;
  }
}

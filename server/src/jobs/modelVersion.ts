import { CheckpointError } from '../checkpoint/checkpoint';
import type { OpenBeside } from '../checkpoint/checkpointFormat';
import { filesBeside } from '../checkpoint/formats';
import { FileSource } from './fileSource';

/** Differs where a file of a model was changed, replaced, added or taken away: the `version` of each, in order. */
export function modelVersion(file: FileSource, openBeside: OpenBeside): string {
  const beside = filesBeside(file, file.path).map((name) => [name, versionBeside(name, openBeside)]);
  return JSON.stringify([file.version, ...beside]);
}

/**
 * Does what reads a model more than once: what is said of it must not be true of one content in part, and of another in
 * part.
 *
 * @throws CheckpointError where a file of the model changes meanwhile; what the work throws
 */
export async function whileUnchanged<T>(model: string, work: () => Promise<T>): Promise<T> {
  const version = await FileSource.with(model, modelVersion);
  const result = await work();
  if ((await FileSource.with(model, modelVersion)) !== version)
    throw new CheckpointError(model, 'it changed while it was read; read it again');
  return result;
}

function versionBeside(name: string, openBeside: OpenBeside): string | undefined {
  try {
    const source = openBeside(name);
    return source instanceof FileSource ? source.version : undefined;
  } catch (error) {
    if (error instanceof CheckpointError) return undefined;
    throw error;
  }
}

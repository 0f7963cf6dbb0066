import { CheckpointError } from '../checkpoint/checkpoint';
import type { OpenBeside } from '../checkpoint/checkpointFormat';
import { filesBeside } from '../checkpoint/formats';
import { FileSource } from './fileSource';

/** Differs where a file of a model was changed, replaced, added or taken away: the `version` of each, in order. */
export function modelVersion(file: FileSource, openBeside: OpenBeside): string {
  const beside = filesBeside(file, file.path).map((name) => [name, versionBeside(name, openBeside)]);
  return JSON.stringify([file.version, ...beside]);
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

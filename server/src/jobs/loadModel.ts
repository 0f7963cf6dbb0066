import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ArchitectureSummary } from '../../../protocol/model';
import { CheckpointError, type Checkpoint } from '../checkpoint/checkpoint';
import { readCheckpoint } from '../checkpoint/readCheckpoint';
import { recogniseArchitecture, type Recognition } from '../gnn/recognise';
import { plainReason } from './readText';

/** A model file's bytes with their SHA-256, in hexadecimal. */
export interface ModelFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** @throws CheckpointError when the file cannot be read, with the reason in plain words */
export async function readModelFile(path: string): Promise<ModelFile> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new CheckpointError(path, plainReason(error));
  }
  return { path, bytes, sha256: sha256Of(bytes) };
}

/** SHA-256 of bytes, in hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export interface LoadedModel extends ModelFile {
  readonly checkpoint: Checkpoint;
  readonly recognition: Recognition;
}

/**
 * Reads a checkpoint and recognises its architecture.
 *
 * @param override parts of the architecture the user vouches for
 * @throws CheckpointError, UnrecognisedArchitectureError
 */
export async function loadModel(path: string, override?: Partial<ArchitectureSummary>): Promise<LoadedModel> {
  return recogniseModel(await readModelFile(path), override);
}

/** The same of a file that was read before, so that all that is said of it is said of the same bytes. */
export function recogniseModel(file: ModelFile, override?: Partial<ArchitectureSummary>): LoadedModel {
  const checkpoint = readCheckpoint(file.bytes, file.path);
  requireAllRead(checkpoint, file.path);
  return { ...file, checkpoint, recognition: recogniseArchitecture(checkpoint.tensors, override) };
}

/** What a model does depends on all of its tensors. @throws CheckpointError where some cannot be read */
function requireAllRead({ unread }: Checkpoint, file: string): void {
  const [first] = unread;
  if (first === undefined) return;
  const [name, reason] = first;
  const others = unread.size > 1 ? ` (and ${unread.size - 1} more)` : '';
  throw new CheckpointError(file, `tensor ${JSON.stringify(name)}${others} cannot be read: ${reason}`);
}

import { open } from 'node:fs/promises';
import type { ArchitectureOverride } from '../../../protocol/manifest';
import { CheckpointError } from '../checkpoint/checkpoint';
import type { OpenBeside, OpenCheckpoint } from '../checkpoint/checkpointFormat';
import { readCheckpoint } from '../checkpoint/readCheckpoint';
import { filesBeside } from '../checkpoint/formats';
import { limits } from '../checkpoint/limits';
import { recogniseArchitecture, type Recognition } from '../gnn/recognise';
import { computationNotes } from './computationNotes';
import { readingFlags, requireRegular } from './fileSource';
import { pathBeside } from './filesBeside';
import { sha256Of, sha256OfParts } from './hashFile';
import { modelBytes } from './modelBytes';
import { plainReason } from './readText';
import { requireAllRead } from './requireAllRead';

/** A model as it was read from disk. */
export interface ModelFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Of a model of several files, the others by name; those that cannot be read are left out. */
  readonly beside: ReadonlyMap<string, Uint8Array>;
  /** Of all of its files, see `sha256OfModel`; in hexadecimal. */
  readonly sha256: string;
}

/** @throws CheckpointError when the file itself cannot be read, with the reason in plain words */
export async function readModelFile(path: string): Promise<ModelFile> {
  if ((await modelBytes(path)) > limits.wholeFile) {
    throw new CheckpointError(path, 'it is larger than 2 GiB, with all of its files: more than can be read at once');
  }
  const bytes = await readWhole(path);
  const beside = new Map<string, Uint8Array>();
  for (const name of filesBeside(bytes, path)) {
    // What is missing is said by whoever needs it; code is looked for in the others all the same.
    const found = await readBeside(path, name);
    if (found) beside.set(name, found);
  }
  const hashes = [...beside].map(([name, content]) => [name, sha256Of(content)] as const);
  return { path, bytes, beside, sha256: sha256OfParts(sha256Of(bytes), hashes) };
}

async function readWhole(path: string): Promise<Uint8Array> {
  try {
    const handle = await open(path, readingFlags);
    try {
      requireRegular(path, await handle.stat());
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof CheckpointError ? error : new CheckpointError(path, plainReason(error));
  }
}

async function readBeside(path: string, name: string): Promise<Uint8Array | undefined> {
  try {
    return await readWhole(pathBeside(path, name));
  } catch (error) {
    if (error instanceof CheckpointError) return undefined;
    throw error;
  }
}

/** Gives the files beside a model that were read with it; of any other, asked for by name, says that it cannot be read. */
export function openRead({ path, beside }: Pick<ModelFile, 'path' | 'beside'>): OpenBeside {
  return (name) => {
    const bytes = beside.get(name);
    if (bytes !== undefined) return bytes;
    throw new CheckpointError(path, `the file ${JSON.stringify(name)} that it names is not there or cannot be read`);
  };
}

export interface LoadedModel extends ModelFile {
  readonly checkpoint: OpenCheckpoint;
  readonly recognition: Recognition;
}

/**
 * Reads a checkpoint and recognises its architecture.
 *
 * @param override parts of the architecture the user vouches for
 * @throws CheckpointError, UnrecognisedArchitectureError
 */
export async function loadModel(path: string, override?: ArchitectureOverride): Promise<LoadedModel> {
  return recogniseModel(await readModelFile(path), override);
}

/** The same of a file that was read before, so that all that is said of it is said of the same bytes. */
export function recogniseModel(file: ModelFile, override?: ArchitectureOverride): LoadedModel {
  const checkpoint = readCheckpoint(file.bytes, file.path, openRead(file));
  requireAllRead(checkpoint, file.path);
  const recognition = recogniseArchitecture(checkpoint.tensors, override);
  const notes = [...recognition.notes, ...computationNotes(checkpoint.format)];
  return { ...file, checkpoint, recognition: { ...recognition, notes } };
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { CheckpointError } from '../checkpoint/checkpoint';
import { filesBeside } from '../checkpoint/formats';
import { FileSource } from './fileSource';
import { pathBeside } from './filesBeside';
import { plainReason } from './readText';

export interface HashTask {
  readonly kind: 'hash';
  /** Absolute path of the file. */
  readonly model: string;
}

/**
 * SHA-256 of a model of any size, in hexadecimal.
 *
 * @throws CheckpointError where its file cannot be read; the signal's reason once aborted
 */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  try {
    return await sha256OfModel(path, (file) => sha256OfFile(file, signal));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof CheckpointError) throw error;
    throw new CheckpointError(path, plainReason(error));
  }
}

/** SHA-256 of bytes, in hexadecimal. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * What stands for the content of a model: the SHA-256 of its file or, where others belong to it, one over the hashes of
 * all. Files that are missing, or lie elsewhere, have no part in it.
 *
 * @param hashOf the SHA-256 of a file
 * @throws CheckpointError where the model's own file cannot be opened, what `hashOf` throws for it
 */
export async function sha256OfModel(path: string, hashOf: (file: string) => Promise<string>): Promise<string> {
  const names = await FileSource.with(path, (source) => filesBeside(source, path));
  const own = await hashOf(path);
  const beside: [string, string][] = [];
  for (const name of names) {
    const file = besideIfThere(path, name);
    const hash = file === undefined ? undefined : await hashOf(file).catch(() => undefined);
    if (hash !== undefined) beside.push([name, hash]);
  }
  return sha256OfParts(own, beside);
}

/** @param beside names and hashes of the other files, in order */
export function sha256OfParts(own: string, beside: readonly (readonly [name: string, sha256: string])[]): string {
  if (beside.length === 0) return own;
  return sha256Of([own, ...beside.map(([name, hash]) => `${JSON.stringify(name)} ${hash}`)].join('\n'));
}

/**
 * As `sha256OfModel` has it, of a model that need not be on disk.
 *
 * @param path names the model
 * @param hashOf the SHA-256 of a file beside it, by its name
 */
export function sha256OfModelBytes(bytes: Uint8Array, path: string, hashOf: (name: string) => string): string {
  return sha256OfParts(
    sha256Of(bytes),
    filesBeside(bytes, path).map((name) => [name, hashOf(name)] as const),
  );
}

/** Path of a file that a model names beside itself; undefined where it is missing or lies elsewhere. */
export function besideIfThere(path: string, name: string): string | undefined {
  try {
    return pathBeside(path, name);
  } catch (error) {
    if (error instanceof CheckpointError) return undefined;
    throw error;
  }
}

/** SHA-256 of one file. @throws what the file system says of a file that cannot be read */
export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(part as Buffer);
  return hash.digest('hex');
}

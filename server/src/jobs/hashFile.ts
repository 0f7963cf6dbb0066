import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { CheckpointError } from '../checkpoint/checkpoint';
import { plainReason } from './readText';

export interface HashTask {
  readonly kind: 'hash';
  /** Absolute path of the file. */
  readonly model: string;
}

/**
 * SHA-256 of a file of any size, in hexadecimal.
 *
 * @throws CheckpointError where it cannot be read; the signal's reason once aborted
 */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  try {
    return await sha256OfFile(path, signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw new CheckpointError(path, plainReason(error));
  }
}

/** The same. @throws what the file system says of a file that cannot be read */
export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(part as Buffer);
  return hash.digest('hex');
}

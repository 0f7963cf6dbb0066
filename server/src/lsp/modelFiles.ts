import { open, stat } from 'node:fs/promises';
import { isModelName } from '../jobs/findModels';

/** A model file as it lies on disk now. */
export interface FileVersion {
  readonly bytes: number;
  /** Differs when the file was changed or replaced. */
  readonly id: string;
}

/**
 * Looks at a file that may be a model. `.bin` is a name for anything, so such a file must also begin like a checkpoint.
 *
 * @returns undefined where it is no model file, or is not there (any more)
 */
export async function modelVersion(path: string): Promise<FileVersion | undefined> {
  if (!isModelName(path)) return undefined;
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  if (path.toLowerCase().endsWith('.bin') && !(await beginsLikeCheckpoint(path))) return undefined;
  // The time of the last status change cannot be set back, unlike that of the last modification.
  return { bytes: found.size, id: [found.size, found.mtimeMs, found.ctimeMs, found.ino].join(':') };
}

/** A zip archive, or a pickle of protocol 2 or later. */
async function beginsLikeCheckpoint(path: string): Promise<boolean> {
  try {
    const handle = await open(path);
    try {
      const start = Buffer.alloc(4);
      await handle.read(start, 0, 4, 0);
      return start.toString('latin1') === 'PK\x03\x04' || (start[0] === 0x80 && start[1] >= 2 && start[1] <= 5);
    } finally {
      await handle.close();
    }
  } catch {
    return true; // cannot be read: the scan says why
  }
}

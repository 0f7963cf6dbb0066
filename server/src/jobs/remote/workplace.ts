import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The folder that a worker has for itself cannot be used: nothing of its jobs', and no job can be done. */
export class WorkplaceError extends Error {
  override readonly name = 'WorkplaceError';

  constructor(
    readonly folder: string,
    override readonly cause: NodeJS.ErrnoException,
  ) {
    super(`the worker's own folder cannot be used: ${cause.message}`);
  }
}

/**
 * Does something in a worker's own folder that has nothing to do with any job in particular.
 *
 * @throws WorkplaceError for what the file system says; what `work` throws else
 */
export async function inWorkplace<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isOfSystem(error) ? new WorkplaceError(folder, error) : error;
  }
}

/**
 * Makes a worker's own folder, and finds out whether it can write there: one that cannot would fail every job.
 *
 * @throws WorkplaceError
 */
export async function requireWorkplace(folder: string): Promise<void> {
  await inWorkplace(folder, async () => {
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `.try-${randomUUID()}`);
    await writeFile(file, '');
    await rm(file);
  });
}

/** Whether the file system said it, and not a connection. */
function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}

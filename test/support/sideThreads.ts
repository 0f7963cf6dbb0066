import path from 'node:path';
import type { SideThreadOptions } from '../../server/src/jobs/side/sideThread';
import { limitThreads } from '../../server/src/tensor/threads';

const execArgv = ['--require', require.resolve('tsx/cjs')];

/** The side thread as it is in the sources; the one of the build may be older. */
export const sideFromSource: SideThreadOptions = {
  script: path.join(__dirname, '../../server/src/side.ts'),
  execArgv,
};

/** A side thread that does something else than it is asked for; see `rogueSide.ts`. */
export const rogueSide: SideThreadOptions = { script: path.join(__dirname, 'rogueSide.ts'), execArgv };

/** Allows a job so many threads while it runs. */
export async function allowing<T>(threads: number, run: () => Promise<T>): Promise<T> {
  limitThreads(threads);
  try {
    return await run();
  } finally {
    limitThreads(1);
  }
}

/** The built product as scripts use it. */
import path from 'node:path';
import { mustRun } from './command';
import { makeFolderOnce } from './makeFolderOnce';
import { repositoryRoot } from './paths';

/** The bundled command line. */
export const commandLine = path.join(repositoryRoot, 'dist', 'cli.js');
/** The example workspace that `npm start` makes; git-ignored. */
export const exampleFolder = path.join(repositoryRoot, 'examples', 'workspace');

/** Bundles everything into `dist/`. */
export async function buildProduct(options: readonly '--production'[] = []): Promise<void> {
  await mustRun(process.execPath, [path.join(repositoryRoot, 'scripts', 'build.mjs'), ...options]);
}

/**
 * Makes the example workspace where it is missing: a data set, models and a trigger, the same bytes every time.
 *
 * @param folder where it shall be
 */
export function makeExample(folder: string): Promise<string> {
  return makeFolderOnce(folder, async (partial) => {
    await mustRun(process.execPath, [commandLine, 'example', partial, '--seed', '0'], {
      show: 'stderr',
      timeLimit: 180_000,
    });
  });
}

/** Builds and packs what users install. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { mustRun, toolCommand } from './command';
import { buildProduct } from './product';

/**
 * Bundles everything and packs it into a .vsix file.
 *
 * @param file where the package goes; an older one is replaced
 * @throws CommandError where a bundle does not build or vsce refuses the package
 */
export async function packageExtension(file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await buildProduct(['--production']);
  await mustRun(process.execPath, [
    ...toolCommand('@vscode/vsce'),
    ...['package', '--no-dependencies'],
    ...['--out', file],
  ]);
}

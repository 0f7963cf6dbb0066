import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeFolderOnce } from '../../../scripts/lib/makeFolderOnce';
import { hostFolder } from '../../../scripts/lib/paths';

const prefix = 'installed-';

/**
 * An extensions folder with a package in it, as the host's own installer leaves it. Made once for each version of the
 * package: the installer takes seconds, and a folder names nothing by its place, so that copies of it work.
 *
 * @param install puts the package into an empty folder
 */
export async function installedOnce(vsix: string, install: (folder: string) => Promise<void>): Promise<string> {
  const version = createHash('sha256')
    .update(await readFile(vsix))
    .digest('hex')
    .slice(0, 16);
  const name = `${prefix}${version}`;
  for (const other of await readdir(hostFolder).catch(() => [])) {
    if (!other.startsWith(prefix) || other.startsWith(name)) continue;
    await rm(path.join(hostFolder, other), { recursive: true, force: true });
  }
  return makeFolderOnce(path.join(hostFolder, name), install);
}
